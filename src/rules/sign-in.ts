import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';

const causes = {
  'wrong-password': {
    certainty: 'proven',
    text: 'the sign-in is refused: address or password is wrong ({says})',
    means: 'passwords have nothing to do with the secret: a secret that differs shows only after the sign-in',
    fix: [
      'see that the user exists there and that LOCKSTEP_A_PASSWORD is its password',
      'without an account, leave --user-a out: much can be seen without one',
    ],
    weight: 40,
  },
  origin: {
    certainty: 'proven',
    text: 'the sign-in is refused for its origin: {says}',
    means: 'browsers on that address are refused, too; 127.0.0.1 is not localhost, and http is not https',
    fix: [
      'name the address by which browsers reach it',
      'or add that address to trustedOrigins of betterAuth(), or set BETTER_AUTH_URL to it',
    ],
    weight: 80,
  },
  refused: {
    certainty: 'proven',
    text: 'the sign-in is refused: {status} {says}',
    means: 'this user cannot be used to look further',
    fix: ['use another user, or leave --user-a out'],
    weight: 40,
  },
  'rate-limited': {
    certainty: 'proven',
    text: 'the sign-in is refused: its rate limit is used up, also after the wait that was asked for',
    means:
      'Better Auth allows three sign-ins in 10 s for an address, and takes everybody for one where the proxy names nobody',
    fix: ['wait, and run it again', 'set advanced.ipAddress.ipAddressHeaders, so that callers are told apart'],
    weight: 40,
  },
  crashed: {
    certainty: 'proven',
    symptom: true,
    text: 'the frontend answers {status} to a sign-in',
    means: 'its database cannot be reached, or has not the tables and columns that it needs',
    fix: ['read the log of the frontend', '`lockstep migrate status`'],
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'sign-in',
  title: 'nobody can sign in',
  causes,
  match({ session, frontend }): Found<typeof causes>[] {
    const answer = session?.signIn;
    if (answer === undefined || answer.status === 200 || answer.status === 0) return [];
    const { status } = answer;
    const says = answer.says ?? 'without a code';
    const because = [`/sign-in/email answered ${status} ${says}`];
    const found = { guilty: 'caller' as const, because };
    if (status === 429) return [{ cause: 'rate-limited', ...found, data: {} }];
    if (/ORIGIN/.test(says)) return [{ cause: 'origin', guilty: 'frontend', because, data: { says } }];
    if (says === 'INVALID_EMAIL_OR_PASSWORD') return [{ cause: 'wrong-password', ...found, data: { says } }];
    if (status >= 500) return [{ cause: 'crashed', guilty: 'frontend', because, data: { status } }];
    // what does not speak as Better Auth has not judged the user
    return answer.body === 'json' && (frontend?.ok.status ?? 200) === 200
      ? [{ cause: 'refused', ...found, data: { status, says } }]
      : [];
  },
});
