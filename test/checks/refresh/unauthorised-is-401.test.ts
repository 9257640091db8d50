import check from '../../../src/checks/refresh/unauthorised-is-401.js';
import type { HttpRequest } from '../../../src/world.js';
import { bearerOf, gifts, protectedRoute, target, tokens, verifies } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';
import { isGood, mintable, signingSecret } from '../../support/minting.js';

const routes = {
  ...target().routes,
  stream: { post: '/api/chat', body: { message: '{canary}' }, done: '[DONE]', messages: null },
  chatkit: '/chatkit',
  protected: ['/api/more'],
};
const me: ScriptedReply = { status: 200, json: { id: 'user-a' } };
const no: ScriptedReply = { status: 401, json: { error: 'invalid_token' } };
const stream = (...lines: string[]): ScriptedReply => ({
  status: 200,
  headers: [['content-type', 'text/event-stream']],
  pieces: lines.map((line, n) => [n, line]),
});
const guarded = (good: ScriptedReply) => (request: HttpRequest) => (isGood(bearerOf(request) ?? '') ? good : no);

/** Routes that answer 401 to whatever is not good; the posts are never asked with a good token. */
const deployment = (overrides: Script = {}) => ({
  target: { routes },
  material: mintable,
  http: {
    'GET /api/me': guarded(me),
    'GET /api/tasks': guarded({ status: 200, json: { tasks: [] } }),
    'GET /api/more': guarded({ status: 200, json: [] }),
    'POST /api/chat': no,
    'POST /chatkit': no,
    ...overrides,
  } satisfies Script,
});
/** answers this to an expired token, and 401 to a broken one */
const expired =
  (answer: ScriptedReply, otherwise = no) =>
  (request: HttpRequest) => {
    const jwt = bearerOf(request) ?? '';
    if (isGood(jwt)) return me;
    return verifies(jwt, signingSecret) ? answer : otherwise;
  };
const rejected = (answer: ScriptedReply) => (request: HttpRequest) =>
  isGood(bearerOf(request) ?? '') ? me : bearerOf(request) === null ? no : answer;

describeCheck(check, {
  given: { token: gifts.token, route: protectedRoute },
  passes: {
    'every route answers 401': deployment(),
    'no secret is known, so that no token can be expired': { ...deployment(), material: {} },
    'only one route is known': { http: { 'GET /api/me': guarded(me), 'GET /api/tasks': { status: 404 } } },
    'a stream is open to everybody': deployment({ 'POST /api/chat': stream('data: {"delta":"hello"}\n\n') }),
  },
  reports: {
    'said-inside': {
      'the stream opens and says so': deployment({
        'POST /api/chat': stream('event: error\ndata: {"error":"unauthorized"}\n\n'),
      }),
      'the stream says so in its data': deployment({
        'POST /chatkit': stream('data: {"type":"error","code":"unauthorized"}\n\n'),
      }),
      'JSON says so': deployment({
        'GET /api/more': rejected({ status: 200, json: { error: 'Authentication Token Missing' } }),
      }),
    },
    accepted: {
      'one route does not look': deployment({ 'GET /api/more': rejected({ status: 200, json: { id: 'user-a' } }) }),
      'the stream takes an expired token': deployment({
        'POST /api/chat': (request) =>
          verifies(bearerOf(request) ?? '', signingSecret) ? stream('data: {"delta":"hello"}\n\n') : no,
      }),
    },
    redirected: {
      'it leads to a login page': deployment({
        'GET /api/more': rejected({ status: 302, headers: [['location', '/login']] }),
      }),
    },
    crashed: {
      'an expired token ends in 500': deployment({ 'GET /api/me': expired({ status: 500 }) }),
      'a broken one does, on the stream': deployment({ 'POST /api/chat': { status: 500 } }),
    },
    'not-found': {
      'the stream is hidden': deployment({ 'POST /api/chat': { status: 404 } }),
      'one route is hidden': deployment({ 'GET /api/more': rejected({ status: 404 }) }),
    },
    otherwise: {
      'one route answers 403': deployment({ 'GET /api/more': rejected({ status: 403 }) }),
    },
  },
  inconclusive: {
    'a route fails for a good token': deployment({ 'GET /api/more': { status: 503 } }),
    'the good token is refused afterwards': deployment({
      'GET /api/me': (request, times) => (times > 3 ? no : bearerOf(request) === tokens.a ? me : no),
    }),
    'the API is gone': deployment({ 'GET /api/me': 'no answer' }),
  },
});
