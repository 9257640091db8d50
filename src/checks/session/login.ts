import { defineCheck, skip } from '../../core/check.js';
import { noUser, signIn, signInProblems } from '../sign-in.js';

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
    if (user === null) return skip(noUser(probe.target, 'a'));
    return signIn(probe, user);
  },
});
