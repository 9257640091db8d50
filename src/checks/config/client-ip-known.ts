import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';

/** Better Auth takes three in ten seconds. */
const most = 5;

export default defineCheck({
  id: 'config/client-ip-known',
  title: 'who signs in is told apart by an address that the client cannot choose',
  severity: 'medium',
  impact: 'noisy',
  alone: true,
  source: ['ASVS 4.1.3', 'ASVS 15.3.4', 'OWASP API4:2023'],
  problems: {
    'client-chooses': {
      level: 'fail',
      text: '{url} counts sign-ins by an address that the client sends: with another X-Forwarded-For it answered {status} again',
      hint: 'let the edge set X-Forwarded-For, and name the edge as a trusted proxy of the auth server',
    },
  },
  async run(probe) {
    if (probe.target.policy.rateLimit !== 'app')
      return skip(
        `sign-ins are limited by ${probe.target.policy.rateLimit === 'edge' ? 'the edge' : 'nobody'}, as declared`,
      );
    const email = `lockstep-${probe.canary().slice(-12)}@example.invalid`;
    let limited: Reply | null = null;
    for (let i = 0; i < most && limited === null; i += 1) {
      const reply = await attempt(probe, email, {});
      if (reply.status === 429) limited = reply;
    }
    if (limited === null)
      return skip('sign-ins are not limited here: session/login-rate-limited says whether they should be');
    // where everything is refused so, no bucket shows
    const control = await probe.auth.get('/get-session', { patient: false });
    if (control.status === 429) return inconclusive(`${control.url} answered 429, too`);
    const spoofed = await Promise.all(
      ['203.0.113.7', '203.0.113.8'].map((address) => attempt(probe, email, { 'x-forwarded-for': address })),
    );
    const again = await attempt(probe, email, {});
    const through = spoofed.find(({ status }) => status !== 429);
    if (through === undefined) return pass();
    // the limit may have run out meanwhile
    if (again.status !== 429) return inconclusive(`${again.url} answers ${again.status} again without it, too`);
    return problem('client-chooses', { url: through.url, status: through.status });
  },
});

/** A sign-in that cannot succeed, of an address that nobody has. */
function attempt({ auth }: Probe, email: string, headers: Readonly<Record<string, string>>): Promise<Reply> {
  return auth.post('/sign-in/email', { email, password: 'no-password-of-anybody' }, { headers, patient: false });
}
