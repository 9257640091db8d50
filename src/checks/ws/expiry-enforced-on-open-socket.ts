import { defineCheck, inconclusive, pass, skip, warn } from '../../core/check.js';
import { withDyingToken } from '../dying-token.js';
import { endWithin } from '../long-wait.js';
import { minterFor } from '../minter.js';
import { filled } from '../talk.js';
import token from '../token/fetch.js';
import control from './connects-after-auth.js';

/** Seconds after its end at which nobody can call it a leeway any more. */
const tooLong = 300;
/** Seconds after its end by which a server that looks at it has closed. */
const grace = 3;
const patience = 3_000;

export default defineCheck({
  id: 'ws/expiry-enforced-on-open-socket',
  title: 'a socket does not outlive the token that opened it',
  severity: 'medium',
  impact: 'reads',
  source: ['ASVS 7.3.2', 'ASVS 8.3.2'],
  needs: { token, control },
  problems: {
    'still-acts': {
      level: 'warn',
      text: '{url} still answers on a socket whose token expired {seconds} s ago',
      hint: 'close with 4401 at exp, or ask for a new token; a socket that lives with the session must end with it (ws/signout-closes-socket)',
    },
  },
  async run(probe, { token }) {
    const minter = await minterFor(probe, token);
    if (typeof minter === 'string') return skip(`cannot mint: ${minter}`);
    const { routes } = probe.target;
    const { url } = routes.socket.value;
    const lives = Math.floor(probe.now() / 1000) + tooLong + 120;
    const lasting = await probe.connect({ token: minter.mint({ exp: lives }) });
    const {
      token: mortal,
      used: dying,
      late,
    } = await withDyingToken(probe, minter, {
      use: ({ jwt }) => probe.connect({ token: jwt }),
      taken: ({ acked }) => acked,
    });
    if (late) return skip(`${url} opens so late that a token is dead before`);
    const unfit = [dying, lasting].find(({ acked }) => !acked);
    if (unfit !== undefined)
      return inconclusive(`${url} did not take a good token minted with ${minter.place} (${unfit.status})`);
    const whole = probe.longest >= (tooLong + grace + 1) * 1000;
    const wait = whole ? (tooLong + grace) * 1000 : Math.min(probe.longest, grace * 1000);
    const early = await dying.end(mortal.end - probe.now() - 500);
    if (early !== null) return inconclusive(`${url} closed a socket whose token was good, with ${early.code}`);
    lasting.ping();
    const closed = await endWithin(dying, wait);
    if (closed !== null) {
      const other = await lasting.end(200);
      return other === null ? pass() : inconclusive(`${url} closed a socket whose token was good, with ${other.code}`);
    }
    if (!whole) return skip(`it is open ${grace} s after the token has expired: --max-wait ${tooLong + grace + 1}s`);
    if (routes.talk.ask === null) return skip('it is still open; declare routes.socket.ask to see whether it acts');
    const known = dying.messages.length;
    dying.say(filled(routes.talk.ask, { canary: probe.canary(), room: probe.canary() }));
    await dying.hear(() => dying.messages.length > known, patience);
    if (dying.messages.length === known) return pass();
    return warn(undefined, { code: 'still-acts' as const, data: { url, seconds: tooLong } });
  },
});
