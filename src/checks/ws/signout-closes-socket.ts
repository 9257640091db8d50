import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import type { Live, Probe } from '../../core/probe.js';
import { endWithin } from '../long-wait.js';
import { minterFor } from '../minter.js';
import { signOut, spare } from '../spare.js';
import { filled } from '../talk.js';
import token from '../token/fetch.js';
import control from './connects-after-auth.js';

/** Milliseconds in which a socket must end, or go deaf, once its session has ended. */
const soon = 10_000;
/** Milliseconds after which nobody can call it a delay any more. */
const tooLong = 65_000;
/** Seconds that a token of our own has left at the sign-out. */
const life = 3;
/** Seconds that a token may live where nobody can know that its session has ended. */
const shortLife = 900;
const patience = 3_000;

export default defineCheck({
  id: 'ws/signout-closes-socket',
  title: 'a socket ends with the session of its user, or hears and does nothing any more',
  severity: 'high',
  impact: 'writes',
  source: ['ASVS 7.4.1', 'WSTG-SESS-06'],
  needs: { token, control },
  problems: {
    'still-serves': {
      level: 'fail',
      text: '{url} still {does} {seconds} s after its user has signed out, and may go on for {life}',
      hint: 'close the sockets of a session when it ends: look at the session every few seconds, or have sign-out tell the API',
    },
    'until-expiry': {
      level: 'warn',
      text: '{url} still {does} {seconds} s after its user has signed out, until the token expires ({life})',
      hint: 'an API that trusts tokens alone cannot know better; keep their life short, or look at the session',
    },
  },
  async run(probe, { token }) {
    const { routes } = probe.target;
    if (routes.talk.ask === null && routes.talk.say === null)
      return skip('nothing is known that a socket answers: declare routes.socket.ask or .say');
    const other = await spare(probe);
    if (other.kind !== 'signed-in') return other;
    const { url } = routes.socket.value;
    // whether the socket ends with its token shows on one that ends before the others
    const minter = probe.longest < tooLong ? 'no time' : await minterFor(probe, other.token);
    const exp = Math.floor(probe.now() / 1000) + life;
    const [live, peer, dying] = await Promise.all([
      probe.connect({ token: other.token.jwt }),
      probe.connect({ token: token.jwt }),
      typeof minter === 'string' ? null : probe.connect({ token: minter.mint({ exp }) }),
    ]);
    if (!live.acked || !peer.acked) return inconclusive(`${url} did not take the token of a second session`);
    const room = probe.canary();
    for (const one of [live, peer])
      if (routes.talk.join !== null) one.say(filled(routes.talk.join, { room, canary: '' }));
    const deed = () => stillDone(probe, live, peer, room);
    if ((await deed()) === null) return inconclusive(`${url} answers nothing even before the sign-out`);
    const fault = await signOut(probe, other.session);
    if (fault !== null) return inconclusive(fault);

    const closed = await live.end(Math.min(soon, probe.longest));
    if (closed !== null) return pass();
    if ((await deed()) === null) return pass();
    if (probe.longest < tooLong)
      return skip(`it is open ${soon / 1000} s after the sign-out: --max-wait ${tooLong / 1000 + 1}s`);
    if ((await endWithin(live, tooLong - soon)) !== null) return pass();
    const does = await deed();
    if (does === null) return pass();
    const outlives = dying?.acked === true && dying.closed === null;
    const good = lifeOf(other.token.claims);
    const data = { url, does, seconds: tooLong / 1000, life: outlives ? 'ever' : `${good} s` };
    return good <= shortLife && !outlives
      ? warn(undefined, { code: 'until-expiry' as const, data })
      : problem('still-serves', data);
  },
});

/** Seconds from the making of a token to its end. */
function lifeOf({ exp, iat }: Readonly<Record<string, unknown>>): number {
  return typeof exp === 'number' && typeof iat === 'number' ? exp - iat : Number.POSITIVE_INFINITY;
}

/** What an open socket still does, in words that finish "it still ..."; null for nothing. */
async function stillDone(probe: Probe, live: Live, peer: Live, room: string): Promise<string | null> {
  const { ask, say } = probe.target.routes.talk;
  const canary = probe.canary();
  if (say !== null) {
    // said by another session of the same user: what the user is told must not reach who has signed out
    peer.say(filled(say, { canary, room }));
    if ((await live.hear((text) => text.includes(canary), patience)) !== null) return 'hears what its user is told';
  }
  if (ask === null || live.closed !== null) return null;
  const known = live.messages.length;
  live.say(filled(ask, { canary: probe.canary(), room }));
  await live.hear(() => live.messages.length > known, patience);
  return live.messages.length > known ? 'answers' : null;
}
