import { defineCheck, skip } from '../../core/check.js';
import { signIn, signInProblems } from '../sign-in.js';

export default defineCheck({
  id: 'session/login',
  title: 'a user can sign in, and the session knows who it is',
  severity: 'critical',
  impact: 'reads',
  core: true,
  source: ['ASVS 6.3.1', 'ASVS 7.2.1', 'WSTG-ATHN-04'],
  problems: signInProblems,
  async run(probe) {
    const user = probe.target.users.a;
    if (user === null) return skip('no user to sign in: set LOCKSTEP_A_EMAIL and LOCKSTEP_A_PASSWORD');
    return signIn(probe, user);
  },
});
