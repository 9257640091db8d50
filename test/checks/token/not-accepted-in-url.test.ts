import check from '../../../src/checks/token/not-accepted-in-url.js';
import { bearerOf, gifts, protectedRoute, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';
import { me, refuses } from '../../support/verifying-api.js';

const header: Extract<Script[string], (...args: never) => unknown> = (request) =>
  bearerOf(request) === tokens.a ? me : refuses;
/** the fake world matches whole lines: the genuine token stands in them where nothing can be minted */
const api = (reply: Partial<Record<'access_token' | 'token' | 'form', ScriptedReply>> = {}) => ({
  http: {
    'GET /api/me': header,
    [`GET /api/me?access_token=${tokens.a}`]: reply.access_token ?? refuses,
    [`GET /api/me?token=${tokens.a}`]: reply.token ?? refuses,
    'POST /api/me': reply.form ?? { status: 405 },
  } satisfies Script,
});

describeCheck(check, {
  given: { token: gifts.token, route: protectedRoute },
  passes: { 'it looks at the header only': api({ form: refuses }) },
  reports: {
    accepted: {
      'it reads ?access_token=': api({ access_token: me }),
      'it reads ?token=': api({ token: me, form: refuses }),
      'it reads a form': api({ form: me }),
    },
    crashed: { 'a query ends in 500': api({ token: { status: 500 }, form: refuses }) },
  },
  skips: { 'the route answers everybody': api({ token: { status: 200, json: {} }, form: refuses }) },
  inconclusive: {
    'the good token is refused afterwards': { http: { ...api({ form: refuses }).http, 'GET /api/me': refuses } },
  },
});
