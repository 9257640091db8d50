import { defineCheck, pass, problem, skip } from '../../core/check.js';
import { fetchToken, fetchTokenProblems } from '../fetch-token.js';
import { noUser, signIn, signInProblems } from '../sign-in.js';

export default defineCheck({
  id: 'session/second-user',
  title: 'a second user can sign in and get a token of their own',
  severity: 'high',
  impact: 'reads',
  source: ['WSTG-ATHZ-04'],
  problems: {
    ...signInProblems,
    ...fetchTokenProblems,
    'same-person': {
      level: 'fail',
      text: '{user} is the first user too',
      hint: 'give two different users: what one may see of the other is the question',
    },
  },
  async run(probe) {
    const user = probe.target.users.b;
    if (user === null) return skip(noUser(probe.target, 'b'));
    if (user.email.toLowerCase() === probe.target.users.a?.email.toLowerCase())
      return problem('same-person', { user: user.email });
    const signedIn = await signIn(probe, user);
    if (signedIn.kind === 'failed') return { kind: 'failed', problems: signedIn.problems };
    if (signedIn.kind !== 'passed') return signedIn;
    const fetched = await fetchToken(probe, signedIn.gives);
    if (fetched.kind !== 'passed') return fetched;
    return pass({ session: signedIn.gives, token: fetched.gives });
  },
});
