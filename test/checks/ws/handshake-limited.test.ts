import check from '../../../src/checks/ws/handshake-limited.js';
import { Unreachable } from '../../../src/core/errors.js';
import { gifts, protectedRoute } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedSocket } from '../../support/fake-world.js';
import { byMessage, control, ready, refused, socketRoutes } from '../../support/sockets.js';

/** Refuses the first hundred as usual, and then as `then` says. */
const limiting = (then: () => ScriptedSocket, first = refused) => {
  let tried = 0;
  return { socket: () => (++tried > 100 ? then() : first) };
};
const drops = () => {
  throw new Unreachable('ws://api.test/api/ws', 'handshake', 'dropped');
};
const alive = { http: { 'GET /api/me': { status: 200, json: { id: 'user-a' } } } };

describeCheck(check, {
  given: { token: gifts.token, route: protectedRoute, control },
  passes: {
    'it answers 429 after a hundred': limiting(() => ({ status: 429 })),
    'it closes with 1013 after a hundred': limiting(() => ({ close: { code: 1013 } })),
    'it drops connections after a hundred and answers everything else': { ...limiting(drops), ...alive },
  },
  reports: {
    unlimited: {
      'it refuses the last one like the first': { socket: () => refused },
      'it refuses the handshake for ever': { socket: () => ({ status: 401 }) },
    },
  },
  skips: {
    'bad tokens are taken': { socket: () => ready },
    'the first message carries the token': { target: socketRoutes(byMessage) },
  },
  inconclusive: {
    'it dies of it': { ...limiting(drops), http: { 'GET /api/me': 'no answer' } },
    'it is on its knees': { ...limiting(drops), http: { 'GET /api/me': { status: 502 } } },
    'it drops every bad token': { socket: drops },
    'it answers 503 to every bad token': { socket: () => ({ status: 503 }) },
  },
});
