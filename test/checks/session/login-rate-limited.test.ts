import check from '../../../src/checks/session/login-rate-limited.js';
import { gifts, policy } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';

const refuses: ScriptedReply = { status: 401, json: { code: 'INVALID_EMAIL_OR_PASSWORD' } };
const limited: ScriptedReply = { status: 429, json: {}, headers: [['x-retry-after', '10']] };
/** answers `then` from the fourth on; to who sends an X-Forwarded-For, `spoofed` */
const limits = (then: ScriptedReply, spoofed: ScriptedReply = then, after = 3) => ({
  http: {
    'POST /api/auth/sign-in/email': (
      { headers }: { readonly headers: Readonly<Record<string, string>> },
      times: number,
    ) => (headers['x-forwarded-for'] !== undefined ? spoofed : times < after ? refuses : then),
  },
});

describeCheck(check, {
  given: { session: gifts.session },
  passes: {
    'the fourth is limited, whoever it says to be': limits(limited),
    'the first is, since others have used it up': limits(limited, limited, 0),
    'it says Retry-After': limits({ status: 429, headers: [['retry-after', '10']] }),
  },
  reports: {
    unlimited: { 'nothing is, in production': { ...limits(refuses), target: { production: true } } },
    disguised: {
      'the limit looks like a wrong password': limits({ status: 401, json: { message: 'Too many requests.' } }),
      'the limit is a 403': limits({ status: 403, json: { code: 'BLOCKED' } }),
    },
    'by-what-it-says': { 'X-Forwarded-For opens another bucket': limits(limited, refuses) },
    'no-time': { 'nobody says for how long': limits({ status: 429 }) },
  },
  skips: {
    'nothing is limited outside of production': limits(refuses),
    'the edge is declared to do it': {
      ...limits(refuses),
      target: { production: true, policy: { ...policy, rateLimit: 'edge' } },
    },
    'nothing is declared to do it': {
      ...limits(refuses),
      target: { production: true, policy: { ...policy, rateLimit: 'none' } },
    },
  },
  inconclusive: { 'nobody answers': { http: { 'POST /api/auth/sign-in/email': 'no answer' } } },
});
