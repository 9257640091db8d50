import check from '../../../src/checks/ws/signout-closes-socket.js';
import { claimsOf, gifts, hs256, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedPeer, ScriptedSocket } from '../../support/fake-world.js';
import { isGood, mintable, signingSecret, testTime } from '../../support/minting.js';
import { byQuery, control, parsed, refused, socketRoutes, tokenOf } from '../../support/sockets.js';

const tokenOfLife = (life: number) =>
  hs256({ sub: 'user-a', iat: testTime, exp: testTime + life, n: 2 }, signingSecret);
const asks = socketRoutes(byQuery, { ask: { type: 'ping' } });
const speaks = socketRoutes(byQuery, {
  ask: { type: 'ping' },
  join: { type: 'join', room: '{room}' },
  say: { type: 'say', room: '{room}', text: '{canary}' },
});

interface Ends {
  /** what the sign-out does to the sockets of the session */
  readonly onSignOut?: (peers: readonly ScriptedPeer[]) => void;
  /** whether a socket whose session has ended still hears, still answers */
  readonly hears?: boolean;
  readonly answers?: boolean;
  /** seconds that a token lives */
  readonly life?: number;
  /** closes a socket at the end of its token, which here is when its session ends */
  readonly closesAtExpiry?: boolean;
}

/** A deployment with two sessions of one user, each with sockets of its own. */
function deployment({ onSignOut = () => {}, hears = false, answers = false, life = 900, closesAtExpiry = true }: Ends) {
  const second = tokenOfLife(life);
  const state = { out: false };
  const peers: { peer: ScriptedPeer; second: boolean }[] = [];
  const http: Script = {
    'POST /api/auth/sign-in/email': { status: 200, json: { user: {} }, headers: [['set-cookie', 's=1; Path=/']] },
    'GET /api/auth/get-session': (request) => ({
      status: 200,
      json: request.headers.cookie === undefined ? null : { user: { id: 'user-a', email: 'a@example.test' } },
    }),
    'GET /api/auth/token': { status: 200, json: { token: second } },
    'POST /api/auth/sign-out': () => {
      state.out = true;
      onSignOut(peers.filter((one) => one.second).map(({ peer }) => peer));
      return { status: 200, json: { success: true } };
    },
  };
  const socket = (request: Parameters<typeof tokenOf>[0]): ScriptedSocket => {
    const token = tokenOf(request) ?? '';
    if (!isGood(token)) return refused;
    const mine = token !== tokens.a;
    const dying = mine && Number(claimsOf(token).exp) < testTime + 60;
    let peer: ScriptedPeer | undefined;
    return {
      messages: ['{"type":"ready"}'],
      opened(own: ScriptedPeer) {
        peer = own;
        peers.push({ peer, second: mine });
        if (dying && closesAtExpiry) own.close(4401);
      },
      hears(text) {
        const { type } = parsed(text);
        if (type === 'ping' && (!state.out || !mine || answers)) peer?.say('{"type":"pong"}');
        if (type === 'say') for (const one of peers) if (!state.out || !one.second || hears) one.peer.say(text);
      },
    };
  };
  return { http, socket, material: mintable };
}
const closing = (peers: readonly ScriptedPeer[]) => {
  for (const peer of peers) peer.close(4401);
};
const patient = { longest: 70_000 };

describeCheck(check, {
  given: { token: gifts.token, control },
  passes: {
    'it closes them': { ...deployment({ onSignOut: closing }), target: asks },
    'it leaves them open and answers nothing': { ...deployment({}), target: asks },
    'it leaves them open, deaf and dumb': { ...deployment({}), target: speaks },
  },
  reports: {
    'still-serves': {
      'its tokens live for an hour': { ...deployment({ answers: true, life: 3600 }), target: asks, ...patient },
      'it hears what its user is told, for an hour': {
        ...deployment({ hears: true, life: 3600 }),
        target: speaks,
        ...patient,
      },
      'neither the session nor the token ends it': {
        ...deployment({ hears: true, answers: true, closesAtExpiry: false }),
        target: speaks,
        ...patient,
      },
    },
    'until-expiry': {
      'it trusts tokens that live for a quarter of an hour': {
        ...deployment({ hears: true, answers: true }),
        target: speaks,
        ...patient,
      },
    },
  },
  skips: {
    'nothing is declared that it answers': {},
    'it serves after ten seconds, and a minute is not allowed': { ...deployment({ answers: true }), target: asks },
    'nobody can sign in': { target: { ...asks, users: { a: null, b: null } } },
  },
  inconclusive: {
    'it answers nothing even before': {
      ...deployment({}),
      target: socketRoutes(byQuery, { ask: { type: 'unknown' } }),
    },
    'the sign-out fails': {
      ...deployment({}),
      http: { ...deployment({}).http, 'POST /api/auth/sign-out': { status: 500 } },
      target: asks,
    },
    'a second sign-in fails': {
      ...deployment({}),
      http: { 'POST /api/auth/sign-in/email': { status: 401, json: { code: 'INVALID_EMAIL_OR_PASSWORD' } } },
      target: asks,
    },
    'its token is refused': { ...deployment({ life: -5 }), target: asks },
  },
});
