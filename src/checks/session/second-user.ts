import { defineCheck, pass, skip } from '../../core/check.js';
import { fetchToken, fetchTokenProblems } from '../fetch-token.js';
import { signIn, signInProblems } from '../sign-in.js';

export default defineCheck({
  id: 'session/second-user',
  title: 'a second user can sign in and get a token of their own',
  severity: 'high',
  impact: 'reads',
  source: ['WSTG-ATHZ-04'],
  problems: { ...signInProblems, ...fetchTokenProblems },
  async run(probe) {
    const user = probe.target.users.b;
    if (user === null) return skip('no second user: set LOCKSTEP_B_EMAIL and LOCKSTEP_B_PASSWORD');
    const signedIn = await signIn(probe, user);
    if (signedIn.kind === 'failed') return { kind: 'failed', problems: signedIn.problems };
    if (signedIn.kind !== 'passed') return signedIn;
    const fetched = await fetchToken(probe, signedIn.gives);
    if (fetched.kind !== 'passed') return fetched;
    return pass({ session: signedIn.gives, token: fetched.gives });
  },
});
