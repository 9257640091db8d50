import check from '../../../src/checks/session/signout-cookie-cache.js';
import { asHeader } from '../../../src/checks/session-cookie.js';
import { authServer, live } from '../../support/auth-server-script.js';
import { tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script } from '../../support/fake-world.js';

const cookies = `${asHeader(live)}; better-auth.session_data=cached`;
const cachedFor = (life: string) => ({
  ended: {
    cookies,
    headers: [
      ['set-cookie', 'better-auth.session_token=x; Max-Age=604800'],
      ['set-cookie', `better-auth.session_data=cached; Path=/${life}`],
    ] as const,
    jwt: null,
  },
});
/** answers out of the cookie, asking nobody */
const believes = authServer((cookie) => cookie !== null);
const asks = authServer(() => false);

describeCheck(check, {
  given: cachedFor('; Max-Age=300'),
  passes: { 'the database is asked': asks },
  reports: {
    opens: {
      'the cache lives five minutes, as documented': believes,
      'it is only the session that is cached': {
        http: { ...believes.http, 'GET /api/auth/token': { status: 401, json: {} } } satisfies Script,
      },
    },
    'opens-for-long': {
      'the cache lives an hour': { ...believes, given: cachedFor('; Max-Age=3600') },
      'the cache lives as long as the browser': { ...believes, given: cachedFor('') },
      'it is only the token that is given': {
        http: {
          'GET /api/auth/get-session': { status: 200, json: null },
          'GET /api/auth/token': { status: 200, json: { token: tokens.a } },
        },
        given: cachedFor('; Max-Age=301'),
      },
    },
  },
  skips: {
    'nothing is cached': { ...believes, given: { ended: { cookies: asHeader(live), headers: [], jwt: null } } },
  },
});
