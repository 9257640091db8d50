import check from '../../../src/checks/ws/expiry-enforced-on-open-socket.js';
import type { SocketRequest } from '../../../src/world.js';
import { claimsOf, gifts } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedPeer, ScriptedSocket } from '../../support/fake-world.js';
import { isGood, mintable, testTime } from '../../support/minting.js';
import { byQuery, control, ready, refused, socketRoutes, tokenOf } from '../../support/sockets.js';

const talking = socketRoutes(byQuery, { ask: { type: 'ping' } });
const soon = (request: SocketRequest) => Number(claimsOf(tokenOf(request) ?? '').exp) < testTime + 60;
/** A socket that takes good tokens; `short` is what becomes of one whose token ends soon. */
const server = (short: ScriptedSocket, long: ScriptedSocket = ready) => ({
  material: mintable,
  socket: (request: SocketRequest) => (!isGood(tokenOf(request) ?? '') ? refused : soon(request) ? short : long),
});
const pong = (_: string, peer: ScriptedPeer) => peer.say('{"type":"pong"}');

describeCheck(check, {
  given: { token: gifts.token, control },
  passes: {
    'it closes with the end of the token': server({ ...ready, pinged: (peer) => peer.close(4401) }),
    'it stays open and answers nothing any more': { ...server(ready), target: talking, longest: 310_000 },
  },
  reports: {
    'still-acts': {
      'it answers five minutes later': { ...server({ ...ready, hears: pong }), target: talking, longest: 310_000 },
    },
  },
  skips: {
    'no secret is known': { socket: () => ready },
    'it is open, and five minutes are not allowed': server(ready),
    'it is open, and nothing is declared that it answers': { ...server(ready), longest: 310_000 },
  },
  inconclusive: {
    'minted tokens are refused': { material: mintable, socket: () => refused },
    'it closes at once': server({ ...ready, close: { code: 4401 } }),
    'it closes everything after a while': server(
      { ...ready, pinged: (peer) => peer.close(1001) },
      { ...ready, pinged: (peer) => peer.close(1001) },
    ),
  },
});
