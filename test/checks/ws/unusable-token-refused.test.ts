import check from '../../../src/checks/ws/unusable-token-refused.js';
import { Unreachable } from '../../../src/core/errors.js';
import { claimsOf, gifts, policy, target, tokens, verifies } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedSocket } from '../../support/fake-world.js';
import { isGood, mintable, signingSecret, testTime } from '../../support/minting.js';
import { control, ready, refused, tokenOf } from '../../support/sockets.js';

/** A socket that takes the good token, and anything else as `otherwise` says. */
const server = (otherwise: (token: string | null) => ScriptedSocket, good = ready) => ({
  socket: ({ url }: { url: string }) => {
    const token = new URL(url).searchParams.get('token');
    return token === tokens.a ? good : otherwise(token);
  },
});
const only = (token: string | null, answer: ScriptedSocket) => server((other) => (other === token ? answer : refused));

/** A socket that takes what `takes` says of a rightly signed token, and nothing else. */
const verifying = (takes: (claims: Record<string, unknown>) => boolean) => ({
  material: mintable,
  socket: (request: { url: string }) => {
    const jwt = tokenOf(request) ?? '';
    return verifies(jwt, signingSecret) && takes(claimsOf(jwt)) ? ready : refused;
  },
});

describeCheck(check, {
  given: { session: gifts.session, token: gifts.token, control },
  passes: {
    'it accepts and closes with 4401': server(() => refused),
    'it looks at exp': { material: mintable, socket: (request) => (isGood(tokenOf(request) ?? '') ? ready : refused) },
    'it closes with a code that is declared': {
      ...server(() => ({ close: { code: 4499 } })),
      target: { policy: { ...policy, authCloseCodes: [4499] } },
    },
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
      'it verifies the signature and not the expiration': verifying(() => true),
      'it has a leeway of half an hour': verifying(({ exp }) => Number(exp) > testTime - 7200),
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
    'a rightly minted token is refused, too': verifying(({ lockstep }) => lockstep === undefined),
    'the good token is refused afterwards': server(() => refused, refused),
    'a burst of handshakes is limited': server(() => ({ status: 429 })),
    'the burst reaches the limit, which only the good token meets': server(() => refused, { status: 429 }),
    'handshakes are redirected': server(() => ({ status: 302 })),
  },
});
