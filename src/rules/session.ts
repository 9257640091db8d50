import type { Evidence } from '../core/evidence/evidence.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';

const causes = {
  'secure-over-http': {
    certainty: 'likely',
    text: 'the session cookie is {cookie}, which browsers keep over https only, and the address is {url}',
    means: 'BETTER_AUTH_URL says https, or it is not set in production: over http nobody stays signed in',
    fix: [
      'set BETTER_AUTH_URL to the address that browsers use',
      'restart the frontend: everybody has to sign in again',
    ],
    proof: 'a sign-in over https, after which the session is known',
    weight: 76,
  },
  lost: {
    certainty: 'proven',
    symptom: true,
    text: 'the frontend knows nobody right after the sign-in',
    means: 'the session is not found or not taken: its cookie, its row or its expiry',
    fix: [
      'look at the type of session."expiresAt": `lockstep migrate drift` (timestamp without time zone in another zone reads as expired)',
      'look for replicas with other secrets or databases: `lockstep diagnose --replicas 60`',
    ],
  },
  crashes: {
    certainty: 'proven',
    symptom: true,
    text: 'the frontend answers {status} to the session of somebody who has just signed in',
    means: 'with an empty body it is most often a signing key that cannot be decrypted',
    fix: ['read the log of the frontend', 'name the database: `lockstep diagnose --database-url-env DATABASE_URL`'],
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'session',
  title: 'a fresh session is worth nothing',
  causes,
  match: lost,
  excludes: ({ session }) => (session?.known === true ? 'the session: it is known right after the sign-in' : null),
});

function lost({ session, frontend }: Evidence): Found<typeof causes>[] {
  if (session === undefined || session.signIn.status !== 200) return [];
  const cookie = session.cookie?.name ?? 'none';
  const url = frontend?.url ?? '';
  const insecure = cookie.startsWith('__Secure-') && url.startsWith('http:');
  const because = [`the sign-in set ${cookie}, and /get-session answered ${session.session?.status}`];
  if (insecure) return [{ cause: 'secure-over-http', guilty: 'frontend', data: { cookie, url }, because }];
  const status = session.session?.status ?? 0;
  if (session.known || status === 0) return [];
  if (status >= 500) return [{ cause: 'crashes', guilty: 'frontend', data: { status }, because }];
  return [{ cause: 'lost', guilty: 'frontend', data: {}, because }];
}
