import type { Evidence } from '../core/evidence/evidence.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';

const causes = {
  'no-route': {
    certainty: 'proven',
    text: '{route} answers 404 to somebody who is signed in: there is no token to get',
    means: 'the jwt plugin is not on the server, or the route has another name',
    fix: [
      'add jwt() to the plugins of betterAuth() on the server',
      'or name the route: `lockstep diagnose --token-route PATH`',
    ],
    weight: 80,
  },
  'own-route': {
    certainty: 'likely',
    text: '{route} is a route of the application, and answers {status} to somebody who is signed in',
    means: 'it stands before that of the jwt plugin; session.jwt, which it may expect, does not exist',
    fix: [
      'take the own route away, so that the jwt plugin answers',
      'or let it sign the token itself, from what getSession() gives',
    ],
    proof: 'the source: `lockstep diagnose --checkout` where that is at hand',
    weight: 66,
  },
  'no-token': {
    certainty: 'proven',
    text: '{route} answers {status} without a token in it',
    means: 'the caller gets nothing that the backend could verify',
    fix: ['let it answer JSON with a member "token", as the jwt plugin does'],
    weight: 72,
  },
  'database-down': {
    certainty: 'likely',
    text: 'the frontend answers 401 to a token request of somebody who has just signed in, and 500 to the session',
    means: 'its database was lost after the sign-in: /token says 401 then, whatever the session is worth',
    fix: ['see that its database runs and can be reached', '`lockstep migrate status` reaches the same database'],
    proof: 'its database answers nobody',
    weight: 74,
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'token-route',
  title: 'somebody who is signed in gets no token',
  causes,
  match(evidence) {
    const { session } = evidence;
    if (session === undefined || session.signIn.status !== 200 || session.answer === null || session.token !== null)
      return [];
    return found(session);
  },
  excludes: ({ session }) => (session?.token == null ? null : `the token route: ${session.route} gives a token`),
});

function found(session: NonNullable<Evidence['session']>): Found<typeof causes>[] {
  const { answer, route } = session;
  const status = answer?.status ?? 0;
  const because = [
    `a fresh session was taken there; the answer was ${status}${answer?.says == null ? '' : ` (${answer.says})`}`,
  ];
  const guilty = 'frontend' as const;
  // a session that is not known gets no token, and that is another matter
  if (status === 404) return [{ cause: 'no-route', guilty, data: { route }, because }];
  if (status === 401 && (session.session?.status ?? 0) >= 500)
    return [{ cause: 'database-down', guilty, data: {}, because }];
  const foreign = answer?.body === 'json' && answer.says !== 'UNAUTHORIZED';
  if (status >= 400 && session.known && foreign && status !== 429)
    return [
      {
        cause: 'own-route',
        guilty,
        data: { route, status },
        because: [...because, `Better Auth would answer with a code of its own`],
      },
    ];
  if (status >= 200 && status < 300) return [{ cause: 'no-token', guilty, data: { route, status }, because }];
  return [];
}
