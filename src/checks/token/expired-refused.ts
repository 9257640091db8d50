import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import { refusal } from '../../core/refused.js';
import { provenMinter } from '../minter.js';
import { notAfterwards } from '../refusals.js';
import route from './accepted-by-api.js';
import token from './fetch.js';

/** Seconds: beyond this no skew of clocks excuses an expired token. */
const longestLeeway = 300;
/** Seconds: no leeway is as long. */
const years = 10 * 365 * 86_400;

export default defineCheck({
  id: 'token/expired-refused',
  title: 'the API refuses a token that is expired',
  severity: 'critical',
  impact: 'reads',
  core: true,
  source: ['RFC 7519 4.1.4', 'RFC 8725 3.8', 'ASVS 9.2.1', 'WSTG-SESS-10'],
  needs: { token, route },
  problems: {
    'expired-accepted': {
      level: 'fail',
      text: '{url} answered {status} to a token that expired {seconds} s ago: {cause}',
      hint: 'verify exp, with a leeway of at most a minute',
    },
    'without-exp-accepted': {
      level: 'fail',
      text: '{url} answered {status} to a token without exp, which lives for ever',
      hint: 'require exp: jose has requiredClaims: ["exp"], PyJWT options={"require": ["exp"]}',
    },
    leeway: {
      level: 'warn',
      text: '{url} answered {status} to a token that expired {seconds} s ago',
      hint: 'a leeway of more than {allowed} s is more than clocks need; policy.leeway declares another',
    },
    'text-accepted': {
      level: 'warn',
      text: '{url} answered {status} to a token whose exp is a text',
      hint: 'RFC 7519 wants a number there: a verifier that converts it may convert other things, too',
    },
    crashed: {
      level: 'warn',
      text: '{url} answered {status} to {what}',
      hint: 'it fails closed, but it crashes: answer 401',
    },
  },
  async run(probe, { token, route }) {
    const minter = await provenMinter(probe, { token, route });
    if ('kind' in minter) return minter;
    const { api, target, now } = probe;
    const { leeway } = target.policy;
    const seconds = Math.floor(now() / 1000);
    const send = (claims: Readonly<Record<string, unknown>>) =>
      api.get(route.path, { bearer: minter.mint({ iat: seconds - 7200, ...claims }) });
    const [long, short, without, text] = await Promise.all([
      send({ exp: seconds - longestLeeway - 60 }),
      send({ exp: seconds - leeway - 60 }),
      send({ exp: undefined }),
      send({ exp: String(seconds + 60) }),
    ]);
    const after = await api.get(route.path, { bearer: token.jwt });
    const took = (reply: typeof long) => refusal(reply, route).kind === 'accepted';
    const { url } = long;
    if (took(long)) {
      const cause = took(await send({ exp: seconds - years, iat: seconds - years - 900 }))
        ? 'exp is not looked at (verify_exp: False, ignoreExpiration)'
        : 'the leeway is too long (leeway, clockTolerance)';
      return problem('expired-accepted', { url, status: long.status, seconds: longestLeeway + 60, cause });
    }
    if (took(without)) return problem('without-exp-accepted', { url, status: without.status });
    if (after.status !== route.control.status) return inconclusive(notAfterwards(after));
    const ruled = [
      { what: 'an expired token', reply: long },
      { what: 'an expired token', reply: short },
      { what: 'a token without exp', reply: without },
      { what: 'a token whose exp is a text', reply: text },
    ];
    const unclear = ruled.find(({ reply }) => refusal(reply, route).kind === 'unclear');
    if (unclear !== undefined) return inconclusive(`${url} answered ${unclear.reply.status} to ${unclear.what}`);
    if (ruled.slice(0, 3).some(({ reply }) => refusal(reply, route).kind === 'public'))
      return skip(`${route.path} answers everybody alike`);
    const crash = ruled.find(({ reply }) => refusal(reply, route).kind === 'crashed');
    const remarks = [
      ...(took(short)
        ? [{ code: 'leeway' as const, data: { url, status: short.status, seconds: leeway + 60, allowed: leeway } }]
        : []),
      ...(took(text) ? [{ code: 'text-accepted' as const, data: { url, status: text.status } }] : []),
      ...(crash === undefined
        ? []
        : [{ code: 'crashed' as const, data: { url, status: crash.reply.status, what: crash.what } }]),
    ];
    return remarks.length > 0 ? warn(undefined, ...remarks) : pass();
  },
});
