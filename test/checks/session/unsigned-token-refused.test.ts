import check from '../../../src/checks/session/unsigned-token-refused.js';
import { authServer, foreign, healthy, session } from '../../support/auth-server-script.js';
import { bearerOf, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script } from '../../support/fake-world.js';

const withBearer = ({ http }: { readonly http: Script }) => {
  const route = http['GET /api/auth/token'] as Extract<Script[string], (...args: never) => unknown>;
  return {
    http: {
      ...http,
      'GET /api/auth/token': ((request, times) =>
        bearerOf(request) === 'live'
          ? { status: 200, json: { token: tokens.a } }
          : route(request, times)) satisfies typeof route,
    },
  };
};

describeCheck(check, {
  given: { session },
  passes: { 'only the sealed cookie opens anything': authServer(healthy) },
  reports: {
    accepted: {
      'the token is looked up as it is': authServer((cookie) => cookie?.token === 'live'),
      'it is looked up where there is no seal': authServer(
        (cookie, sealed) => cookie?.token === 'live' && (sealed || cookie.mac.length === 0),
      ),
    },
    'as-bearer': { 'the bearer plugin takes it': withBearer(authServer(healthy)) },
  },
  skips: { 'the cookie is not that of Better Auth': { ...authServer(healthy), given: { session: foreign } } },
  inconclusive: { 'the sealed cookie opens nothing either': authServer(() => false) },
});
