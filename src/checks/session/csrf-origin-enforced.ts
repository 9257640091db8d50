import { defineCheck, ending, inconclusive, pass, problem, skip } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import type { Session } from '../sign-in.js';
import { personIn } from '../sign-in.js';
import spare from './new-token-on-login.js';

export default defineCheck({
  id: 'session/csrf-origin-enforced',
  title: 'another site cannot act for a signed-in user',
  severity: 'high',
  impact: 'reads',
  source: ['ASVS 3.5.1', 'ASVS 3.5.2', 'WSTG-SESS-05'],
  needs: { spare },
  problems: {
    accepted: {
      level: 'fail',
      text: '{url} answered {status} to a sign-out {from}, with the cookie of a user',
      hint: 'Better Auth compares Origin with trustedOrigins, unless disableCSRFCheck or NODE_ENV=test turns that off, or an edge rewrites Origin',
    },
    obeyed: {
      level: 'fail',
      text: '{url} answered {status} to a sign-out {from}, and the session is over',
      hint: 'Better Auth compares Origin with trustedOrigins, unless disableCSRFCheck or NODE_ENV=test turns that off, or an edge rewrites Origin',
    },
    crashed: {
      level: 'warn',
      text: '{url} answered {status} to a sign-out {from}',
      hint: 'it fails closed, but it crashes',
    },
  },
  async run(probe, { spare }) {
    if ((await spare.jar.cookieHeader(`${probe.auth.base}/sign-out`)) === '')
      return skip('the session is in no cookie: another site cannot send it');
    if (!(await lives(probe, spare))) return inconclusive('the spare session was over before anything was tried');
    for (const { from, origin } of [
      { from: 'from https://lockstep.invalid', origin: 'https://lockstep.invalid' },
      { from: 'from nowhere, without Origin and Referer', origin: null },
    ]) {
      const cookie = await spare.jar.cookieHeader(`${probe.auth.base}/sign-out`);
      // beside the jar, which an obeyed sign-out would empty
      const { url, status } = await probe.auth.post('/sign-out', {}, { headers: { cookie }, origin });
      const data = { url, status, from };
      if (!(await lives(probe, spare))) return problem('obeyed', data);
      if (status >= 200 && status < 300) return problem('accepted', data);
      if (status >= 500) return ending([], [{ code: 'crashed', data }]);
      if (status === 429) return inconclusive(`${url} answered 429`);
    }
    return pass();
  },
});

async function lives({ auth }: Probe, { jar }: Session): Promise<boolean> {
  return personIn(await auth.get('/get-session', { jar })) !== null;
}
