import { decodeJwt } from 'jose';
import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import type { CallOptions } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import { header, pointer } from '../../core/reply.js';
import session from '../session/login.js';
import token from '../token/fetch.js';

/** Milliseconds after which a token that is made anew has another time in it: they are counted in seconds. */
const apart = 1_200;
/** Seconds that a token must have left when it is given out, and after which one that is kept shows. */
const least = 60;

export default defineCheck({
  id: 'refresh/returns-a-new-credential',
  title: 'each refresh gives a token with time ahead of it, and not one that was kept',
  severity: 'high',
  impact: 'reads',
  source: ['ASVS 7.3.1', 'RFC 9111 5.1'],
  needs: { session, token },
  problems: {
    cached: {
      level: 'fail',
      text: '{url} gave a token that a cache on the way had kept ({sign})',
      hint: 'answer with Cache-Control: no-store, and let no CDN or proxy keep the token route: a token that is kept is dead before the cache forgets it',
    },
    dying: {
      level: 'fail',
      text: '{url} gave the same token again {waited} s later, with {left} s left of it',
      hint: 'sign a new token for each refresh, or no later than a minute before the end of the one that is kept',
    },
  },
  async run(probe, { session }) {
    const { auth, target, now } = probe;
    const ask = (query = '', options: CallOptions = {}) =>
      auth.get(`${target.tokenRoute.value}${query}`, { jar: session.jar, ...options });
    const first = await ask();
    await probe.pause(apart);
    const second = await ask();
    const { url } = first;
    const fault = [first, second].find((reply) => tokenIn(reply) === null);
    if (fault !== undefined) return inconclusive(`${url} answered ${fault.status} without a token`);
    const expOf = (reply: Reply) => decodeJwt(tokenIn(reply) ?? '').exp ?? Number.POSITIVE_INFINITY;
    if (tokenIn(first) !== tokenIn(second)) return pass();
    // who asks in another way gets past what was kept by an URL or a cookie, and not past what the server keeps itself
    const cookie = `${await session.jar.cookieHeader(url)}; lockstep=${probe.canary()}`;
    const other = await auth.get(`${target.tokenRoute.value}?${probe.canary()}`, { headers: { cookie } });
    const sign =
      signOfCache(second) ??
      (tokenIn(other) === null || tokenIn(other) === tokenIn(second) ? null : 'another query gets another');
    if (sign !== null) return problem('cached', { url, sign });
    const left = expOf(second) - now() / 1000;
    if (left < least) return problem('dying', { url, waited: Math.round(apart / 1000), left: Math.round(left) });
    if (probe.longest < (least + 2) * 1000)
      return skip(`${url} keeps its tokens: --max-wait ${least + 2}s shows whether to their end`);
    // in pieces: no connection and no deadline is held for a minute
    for (let waited = 0; waited < least; waited += 10) await probe.pause(10_000);
    const third = await ask();
    if (tokenIn(third) === null) return inconclusive(`${url} answered ${third.status} without a token`);
    const rest = expOf(third) - now() / 1000;
    if (tokenIn(third) === tokenIn(first) && rest < least)
      return problem('dying', { url, waited: least, left: Math.round(rest) });
    return pass();
  },
});

function tokenIn({ status, json }: Reply): string | null {
  const text = pointer(json, '/token');
  return status === 200 && typeof text === 'string' && text.split('.').length === 3 ? text : null;
}

/** What a cache says of itself (RFC 9111 5.1, RFC 9211, and the names before it). */
function signOfCache(reply: Reply): string | null {
  const hit = ['cache-status', 'x-cache', 'cf-cache-status', 'x-cache-status'].find((name) =>
    /\bhit\b/i.test(header(reply, name) ?? ''),
  );
  if (hit !== undefined) return `${hit}: ${header(reply, hit)}`;
  const age = header(reply, 'age');
  return age !== null && Number(age) > 0 ? `age: ${age}` : null;
}
