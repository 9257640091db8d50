import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';

const causes = {
  'not-better-auth': {
    certainty: 'likely',
    text: '{url} does not answer as Better Auth does: {status} ({body}) to /get-session',
    means: 'it is another service, or the base path is another one than /api/auth',
    fix: [
      'give the base URL of Better Auth with its base path: `lockstep diagnose --auth http://localhost:3000/api/auth`',
    ],
    proof: 'GET /ok under the right address answers {"ok":true}',
    weight: 77,
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'address',
  title: 'the address is not that of Better Auth',
  causes,
  match({ frontend }): Found<typeof causes>[] {
    if (frontend === undefined || frontend.ok.status === 0) return [];
    const { session, ok, url } = frontend;
    const better =
      ok.status === 200 && ok.body === 'json' && session.status === 200 && ['null', 'json'].includes(session.body);
    if (better || session.status >= 500 || ok.status >= 500 || session.status === 429) return [];
    // an own proxy may hide /ok, and still answer the session
    if (session.status === 200 && session.body === 'null') return [];
    const data = { url, status: session.status, body: session.says ?? session.body };
    return [{ cause: 'not-better-auth', guilty: 'caller', data, because: [`/ok answered ${ok.status} (${ok.body})`] }];
  },
});
