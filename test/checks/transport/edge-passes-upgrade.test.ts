import check from '../../../src/checks/transport/edge-passes-upgrade.js';
import { gifts, target } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply, ScriptedSocket } from '../../support/fake-world.js';

const ready: ScriptedSocket = { messages: ['{"type":"ready"}'] };
const plain = (reply: ScriptedReply) => ({ 'GET /api/ws': reply });
const assumed = {
  routes: { ...target().routes, socket: { ...target().routes.socket, declared: false } },
};
/** The first socket is the look at the handshake, the second is left alone, the third is kept busy. */
const lasting = (fates: readonly ScriptedSocket[]) => {
  let nth = 0;
  return { longest: 80_000, socket: () => fates[nth++] ?? ready };
};
const cut: ScriptedSocket = { ...ready, close: { code: 1006 } };

describeCheck(check, {
  given: { token: gifts.token },
  passes: { 'both sockets are left alone for 75 s': lasting([ready, ready, ready]) },
  reports: {
    'upgrade-dropped': {
      'the handshake is answered as any GET is': { socket: () => ({ status: 426 }), http: plain({ status: 426 }) },
      'it is answered by a page': { socket: () => ({ status: 200 }), http: plain({ status: 200, text: '<html>' }) },
    },
    'cut-idle': { 'an idle socket is cut, and a busy one is not': lasting([ready, cut, ready]) },
    'cut-busy': { 'a busy socket is cut': lasting([ready, ready, cut]) },
  },
  skips: {
    'there is no time to see what becomes of an idle socket': { socket: () => ready },
    'the server closes an idle socket itself': lasting([ready, { ...ready, close: { code: 4408 } }, ready]),
    'the token is refused': { socket: () => ({ status: 401 }), http: plain({ status: 401 }) },
    'the handshake is refused otherwise than a GET': { socket: () => ({ status: 500 }), http: plain({ status: 426 }) },
    'an assumed socket is not there': { target: assumed, socket: () => ({ status: 404 }) },
  },
});
