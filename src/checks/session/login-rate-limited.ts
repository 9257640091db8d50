import { defineCheck, ending, problem, skip } from '../../core/check.js';
import type { Reply } from '../../core/reply.js';
import { header, pointer } from '../../core/reply.js';
import session from './login.js';

const tries = 8;

export default defineCheck({
  id: 'session/login-rate-limited',
  title: 'who guesses passwords is slowed down',
  severity: 'medium',
  impact: 'noisy',
  alone: true,
  source: ['ASVS 6.3.1', 'WSTG-ATHN-03', 'OWASP API4:2023'],
  needs: { session },
  problems: {
    unlimited: {
      level: 'fail',
      text: '{url} answered {count} wrong passwords in a row, none of them with 429',
      hint: 'Better Auth limits only with NODE_ENV=production, or rateLimit.enabled; policy.rateLimit declares that the edge does it',
    },
    disguised: {
      level: 'fail',
      text: '{url} limits sign-ins and answers {status} {code} instead of 429',
      hint: 'a client takes that for a wrong password: answer 429 with Retry-After',
    },
    'by-what-it-says': {
      level: 'fail',
      text: '{url} limits sign-ins, and not those of who sends an X-Forwarded-For of their own',
      hint: 'have the edge overwrite X-Forwarded-For, and tell Better Auth which proxies to trust (advanced.ipAddress)',
    },
    'no-time': {
      level: 'warn',
      text: '{url} answered 429 and does not say for how long',
      hint: 'say Retry-After, in seconds',
    },
  },
  async run({ auth, target, canary }) {
    const { rateLimit } = target.policy;
    if (rateLimit !== 'app')
      return skip(
        `policy.rateLimit declares that ${rateLimit === 'edge' ? 'the edge limits sign-ins' : 'nothing does'}`,
      );
    const email = `${canary()}@example.invalid`;
    const guess = (headers: Readonly<Record<string, string>> = {}) =>
      auth.post('/sign-in/email', { email, password: canary() }, { patient: false, headers });
    const replies: Reply[] = [];
    while (replies.length < tries && replies.at(-1)?.status !== 429) replies.push(await guess());
    const [first, last] = [replies[0], replies.at(-1)] as [Reply, Reply];
    const { url } = first;
    if (last.status !== 429) {
      if (inWords(first) !== inWords(last) || limiting.test(last.text))
        return problem('disguised', {
          url,
          status: last.status,
          code: String(pointer(last.json, '/code') ?? 'without a code'),
        });
      if (target.production) return problem('unlimited', { url, count: tries });
      return skip(`${url} limits nothing, which Better Auth does only in production`);
    }
    // an address of RFC 5737, which nobody has
    const spoofed = await guess({ 'x-forwarded-for': '203.0.113.7' });
    const says = header(last, 'retry-after') ?? header(last, 'x-retry-after');
    return ending(
      spoofed.status === 429 ? [] : [{ code: 'by-what-it-says', data: { url } }],
      says === null ? [{ code: 'no-time', data: { url } }] : [],
    );
  },
});

/** What limiters say, whatever the status. */
const limiting = /too many (requests|attempts)|rate.?limit|try again later/i;

function inWords({ status, json }: Reply): string {
  return `${status} ${JSON.stringify(pointer(json, '/code') ?? pointer(json, '/message') ?? null)}`;
}
