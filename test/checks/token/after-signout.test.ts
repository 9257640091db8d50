import check from '../../../src/checks/token/after-signout.js';
import { Secret } from '../../../src/core/secret.js';
import { policy, protectedRoute, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import { me, refuses, tokenWith } from '../../support/verifying-api.js';

const now = Date.UTC(2026, 10, 21, 12) / 1000;
const answers = (reply: ScriptedReply) => ({ http: { 'GET /api/me': reply } });
const lives = (seconds: number) => ({ token: tokenWith({ iat: now, exp: now + seconds }) });
const ended = { cookies: '', headers: [], jwt: new Secret(tokens.a) };

describeCheck(check, {
  given: { ...lives(900), route: protectedRoute, ended },
  passes: {
    'it is refused at once': answers(refuses),
    'it is taken for its 15 minutes, as tokens are': answers(me),
    'it is taken for an hour, and that is declared': {
      ...answers(me),
      given: lives(3600),
      target: { policy: { ...policy, tokenLifetime: 3600 } },
    },
  },
  reports: {
    outlives: {
      'it is taken for an hour': { ...answers(me), given: lives(3600) },
      'it never ends': { ...answers(me), given: { token: tokenWith({}) } },
    },
  },
  skips: {
    'the session got no token': { ...answers(me), given: { ended: { ...ended, jwt: null } } },
    'the route answers everybody': answers({ status: 200, json: { hello: 'world' } }),
  },
  inconclusive: { 'the API falls over': answers({ status: 500 }), 'it is redirected': answers({ status: 302 }) },
});
