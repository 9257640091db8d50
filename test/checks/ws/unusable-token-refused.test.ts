import check from '../../../src/checks/ws/unusable-token-refused.js';
import { Unreachable } from '../../../src/core/errors.js';
import { gifts, target, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedSocket } from '../../support/fake-world.js';

const ready: ScriptedSocket = { messages: ['{"type":"ready"}'] };
const refused: ScriptedSocket = { close: { code: 4401 } };

/** A socket that takes the good token, and anything else as `otherwise` says. */
const server = (otherwise: (token: string | null) => ScriptedSocket, good = ready) => ({
  socket: ({ url }: { url: string }) => {
    const token = new URL(url).searchParams.get('token');
    return token === tokens.a ? good : otherwise(token);
  },
});
const only = (token: string | null, answer: ScriptedSocket) => server((other) => (other === token ? answer : refused));
const session = {
  email: 'a@example.test',
  userId: 'user-a',
  jar: { cookieHeader: async () => 'better-auth.session_token=abc', store: async () => {} },
  headers: [],
};
const control = {
  url: '',
  sent: true,
  status: 101,
  protocol: '',
  acked: true,
  messages: ['{"type":"ready"}'],
  closed: null,
};

describeCheck(check, {
  given: { session, token: gifts.token, control },
  passes: {
    'it accepts and closes with 4401': server(() => refused),
    'it refuses the handshake': server(() => ({ status: 401 })),
    'it says hello before it looks at the token, and no ack is declared': {
      ...server(() => ({ messages: ['{"type":"ready"}'], close: { code: 4401 } })),
      target: {
        routes: {
          ...target().routes,
          socket: {
            value: { url: 'ws://api.test/api/ws', auth: { mode: 'query', name: 'token' }, ack: null },
            declared: false,
          },
        },
      },
    },
    'it says why before it closes': server(() => ({
      messages: ['{"type":"error","code":"unauthorized"}'],
      close: { code: 1008 },
    })),
    'the first message carries the token': {
      target: {
        routes: {
          ...target().routes,
          socket: {
            value: {
              url: 'ws://api.test/api/ws',
              auth: { mode: 'message', template: '{token}' },
              ack: { type: 'ready' },
            },
            declared: true,
          },
        },
      },
      socket: ({ firstMessage }) => (firstMessage === tokens.a ? ready : refused),
    },
  },
  reports: {
    accepted: {
      'it takes an empty token': only('', ready),
      'it takes no token': only(null, ready),
      'it looks at the cookie alone': {
        socket: ({ url, headers }) => {
          const token = new URL(url).searchParams.get('token');
          return token === tokens.a || headers.cookie !== undefined ? ready : refused;
        },
      },
      'it takes "undefined" as a guest': only('undefined', ready),
      'it does not verify the signature': server((token) => (token?.split('.').length === 3 ? ready : refused)),
    },
    talked: {
      'it sends content in an envelope with an error field': only('undefined', {
        messages: ['{"error":null,"data":["private"]}'],
        close: { code: 4401 },
      }),
      'it sends history before it refuses': only('null', {
        messages: ['{"type":"message","text":"hi"}'],
        close: { code: 4401 },
      }),
    },
    'left-open': { 'it neither takes nor closes': only('Bearer', {}) },
    'refused-unclearly': {
      'it closes with 1000': server(() => ({ close: { code: 1000 } })),
      'it crashes in the handshake': server(() => ({ status: 500 })),
      'it drops the connection': server(() => {
        throw new Unreachable('ws://api.test/api/ws', 'handshake', 'the connection was dropped');
      }),
    },
  },
  inconclusive: {
    'the good token is refused afterwards': server(() => refused, refused),
    'a burst of handshakes is limited': server(() => ({ status: 429 })),
    'handshakes are redirected': server(() => ({ status: 302 })),
  },
});
