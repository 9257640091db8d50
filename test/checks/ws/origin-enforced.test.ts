import check from '../../../src/checks/ws/origin-enforced.js';
import { Unreachable } from '../../../src/core/errors.js';
import type { SocketRequest } from '../../../src/world.js';
import { gifts, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedSocket } from '../../support/fake-world.js';
import { byMessage, control, ready, refused, socketRoutes, tokenOf } from '../../support/sockets.js';

const own = 'http://auth.test';
interface Door {
  readonly welcome: (origin: string) => boolean;
  /** the cookie will do instead of a token */
  readonly cookie?: boolean;
  readonly turnedAway?: ScriptedSocket;
}
const server = ({ welcome, cookie = false, turnedAway = { status: 403 } }: Door) => ({
  socket: (request: SocketRequest) => {
    const { origin = '', cookie: sent } = request.headers;
    if (origin !== '' && !welcome(origin)) return turnedAway;
    if (tokenOf(request) === tokens.a) return ready;
    return cookie && tokenOf(request) === null && sent !== undefined ? ready : refused;
  },
});
const exactly = (origin: string) => origin === own;
const at = (origin: string) => ({ target: { origin } });

describeCheck(check, {
  given: { session: gifts.session, token: gifts.token, control },
  passes: {
    'it compares with the right origin': server({ welcome: exactly }),
    'it compares with the right origin, and takes the cookie': server({ welcome: exactly, cookie: true }),
    'it accepts and closes where the origin is foreign': server({
      welcome: exactly,
      turnedAway: { close: { code: 4403 } },
    }),
    'it drops the connection where the origin is foreign': {
      socket: (request) => {
        if (request.headers.origin !== own) throw new Unreachable('ws://api.test/api/ws', 'handshake', 'dropped');
        return tokenOf(request) === tokens.a ? ready : refused;
      },
    },
    'all subdomains of its domain are welcome': {
      ...server({ welcome: (origin) => origin.endsWith('.example.test'), cookie: true }),
      ...at('https://app.example.test'),
    },
    'the frontend has an address of numbers': {
      ...server({ welcome: (origin) => origin === 'http://127.0.0.1:3000', cookie: true }),
      ...at('http://127.0.0.1:3000'),
    },
    'the frontend has an IPv6 address': {
      ...server({ welcome: (origin) => origin === 'http://[::1]:3000', cookie: true }),
      ...at('http://[::1]:3000'),
    },
  },
  reports: {
    'cross-site': {
      'it looks at no origin and takes the cookie': server({ welcome: () => true, cookie: true }),
      'it takes every origin that ends like the right one': server({
        welcome: (origin) => origin.endsWith('auth.test'),
        cookie: true,
      }),
      'it takes every origin that ends like its domain': {
        ...server({ welcome: (origin) => origin.endsWith('example.test'), cookie: true }),
        ...at('https://app.example.test'),
      },
      'it takes every origin that begins like the right one': server({
        welcome: (origin) => origin.startsWith(own),
        cookie: true,
      }),
      'it looks for the right host anywhere in it': server({
        welcome: (origin) => /auth.test/.test(origin),
        cookie: true,
      }),
      'it takes the origin of no page': server({
        welcome: (origin) => exactly(origin) || origin === 'null',
        cookie: true,
      }),
      'the right host has a port': {
        ...server({ welcome: (origin) => origin.endsWith('localhost:3000'), cookie: true }),
        ...at('http://localhost:3000'),
      },
    },
    'foreign-accepted': {
      'it looks at no origin and wants a token': server({ welcome: () => true }),
      'it is open to everybody, so that the cookie proves nothing': {
        socket: () => ready,
      },
      'the first message carries the token': {
        target: socketRoutes(byMessage),
        socket: ({ firstMessage }) => (firstMessage === undefined ? {} : ready),
      },
    },
  },
  skips: {
    'only a header carries the token, which no browser can send': {
      target: socketRoutes({ mode: 'header' }),
      socket: ({ headers }) => (headers.authorization === `Bearer ${tokens.a}` ? ready : refused),
    },
  },
  inconclusive: {
    'the good token is refused afterwards': { socket: () => refused },
    'a burst of handshakes is limited': {
      socket: (request) =>
        request.headers.origin !== own ? { status: 429 } : tokenOf(request) === tokens.a ? ready : refused,
    },
  },
});
