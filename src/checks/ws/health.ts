import { defineCheck, pass, problem, skip } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import { reveals } from '../../core/reply.js';
import token from '../token/fetch.js';

/** What belongs to nobody who asks without a credential, and how it looks. */
const confidential = [
  {
    what: 'a URL with a password',
    looks: /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"']{1,200}:[^\s@"']{1,200}@/i,
  },
  { what: 'a JWT', looks: /(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/ },
  { what: 'a private key', looks: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  {
    what: 'settings of its process',
    looks: /\b(BETTER_AUTH_SECRETS?|AUTH_SECRET|DATABASE_URL|[A-Z_]*_API_KEY|[A-Z_]*PASSWORD)\b/,
  },
  { what: 'a stack trace', looks: /Traceback \(most recent call last\)|^[ \t]{1,40}at .{1,300}:\d{1,9}:\d{1,9}\)?$/m },
] as const;

export default defineCheck({
  id: 'ws/health',
  title: 'the health route answers without a credential and tells nothing private',
  severity: 'low',
  impact: 'reads',
  source: ['ASVS 13.4.5', 'ASVS 14.2.1'],
  needs: { token },
  problems: {
    closed: {
      level: 'fail',
      text: '{url} answered {status} without a credential',
      hint: 'whoever starts and stops servers has no token: leave the health route open',
    },
    unwell: { level: 'fail', text: '{url} answered {status}: the API says that it is not well' },
    missing: { level: 'fail', text: '{url} answered {status}', hint: 'correct routes.health in lockstep.json' },
    tells: {
      level: 'fail',
      text: '{url} tells {what} to everybody',
      hint: 'let it say that it is well, and nothing else',
    },
  },
  async run(probe, { token }) {
    const { api, target } = probe;
    const { health } = target.routes;
    if (health === null) return skip('no health route: declare routes.health');
    const reply = await api.get(health);
    const { url, status } = reply;
    // whatever the status is: what is told is told
    const told = confidential.find(({ looks }) => looks.test(reply.text))?.what;
    if (told !== undefined) return problem('tells', { url, what: told });
    const secret = secretsOf(probe).find((text) => reveals(reply, text));
    if (secret !== undefined) return problem('tells', { url, what: 'a secret' });
    if (token.names.some((name) => reveals(reply, name))) return problem('tells', { url, what: 'a user' });
    if (status === 401 || status === 403) return problem('closed', { url, status });
    if (status >= 500) return problem('unwell', { url, status });
    return status >= 200 && status < 300 ? pass() : problem('missing', { url, status });
  },
});

/** What is known to be a secret here; a short text would be found anywhere. */
function secretsOf({ material }: Probe): string[] {
  return material.candidates.map(({ set }) => set.current.reveal()).filter(({ length }) => length >= 8);
}
