import { defineRule } from '../core/rule.js';
import { at, seen, shown } from './source/seen.js';

export default defineRule({
  id: 'session-jwt',
  title: 'code takes the token from `jwt` of the session, which is never there',
  causes: {
    'token-route': {
      certainty: 'likely',
      text: 'the token route of the application reads `session.jwt`, and sessions of Better Auth have no such member',
      means: 'it answers `JWT token not available` to everybody, and keeps the jwt plugin from answering',
      fix: ['delete {file}: the jwt plugin answers that path itself, or let it call `auth.api.getToken()`'],
      proof: 'lockstep check token',
      weight: 78,
    },
    elsewhere: {
      certainty: 'likely',
      text: '`session.jwt` is read at {place}, and sessions of Better Auth have no such member',
      means: 'it is always undefined, whatever a type declaration or a cast says',
      fix: ['at {place}: ask GET /api/auth/token, or `authClient.token()`'],
      proof: 'the value in a debugger: undefined',
      weight: 38,
    },
  },
  match(evidence) {
    if (seen(evidence, 'auth.instance').length === 0) return [];
    const reads = seen(evidence, 'session.jwt-read');
    const typed = seen(evidence, 'session.jwt-typed');
    const routes = seen(evidence, 'route.token').filter(({ data }) => data.answers === 'session.jwt');
    const others = reads.filter(({ path }) => !routes.some((route) => route.path === path));
    return [
      ...routes.map((route) => ({
        cause: 'token-route' as const,
        guilty: 'frontend' as const,
        data: { file: route.path },
        because: [...reads.filter(({ path }) => path === route.path), ...typed].map(shown),
      })),
      ...(others.length === 0
        ? []
        : [
            {
              cause: 'elsewhere' as const,
              guilty: 'frontend' as const,
              data: { place: others.map(at).join(', ') },
              because: [...others, ...typed].map(shown),
            },
          ]),
    ];
  },
});
