import check from '../../../src/checks/session/anonymous-is-anonymous.js';
import { bearerOf, gifts, target, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';

const { routes } = target();
const me: ScriptedReply = { status: 200, json: { id: 'user-a' } };
const list: ScriptedReply = { status: 200, json: { tasks: [{ id: '1' }], total: 1 } };
const refuses: ScriptedReply = { status: 401, json: { error: 'no token' } };
const page: ScriptedReply = { status: 200, text: '<!doctype html>', headers: [['content-type', 'text/html']] };
/** the fake world matches whole lines, and each question has an address of its own */
const addressed = (script: Script): Script =>
  new Proxy(script, { get: (all, line) => all[String(line).replace(/=canary-[\w-]+$/, '')] });
const paths = { '/api/me': me, '/api/tasks': list, '/api/chat/messages': { status: 200, json: [{ id: '1' }] } };

/** What each path answers to nobody; a user is answered what is theirs. */
function deployment(nobody: Readonly<Record<string, ScriptedReply>> = {}, script: Script = {}) {
  const http: Script = {
    ...Object.fromEntries(
      Object.entries(paths).flatMap(([path, reply]) => {
        const answer: Extract<Script[string], (...args: never) => unknown> = (request) =>
          bearerOf(request) === tokens.a ? reply : (nobody[path] ?? refuses);
        return [path, `${path}?lockstep`].map((each) => [`GET ${each}`, answer]);
      }),
    ),
    'GET /api/auth/get-session?lockstep': { status: 200, json: null },
    'GET /api/auth/token?lockstep': { status: 401, json: {} },
    ...script,
  };
  return { http: addressed(http), target: { routes: { ...routes, protected: ['/api/chat/messages'] } } };
}

describeCheck(check, {
  given: { token: gifts.token },
  passes: {
    'everything wants a token': deployment(),
    'everybody else gets the page': deployment({ '/api/me': page, '/api/tasks': page, '/api/chat/messages': page }),
    'a route is open on purpose': {
      ...deployment({ '/api/chat/messages': { status: 200, json: [{ id: '1' }] } }),
      target: { routes: { ...routes, protected: ['/api/chat/messages'], public: ['/api/chat/messages'] } },
    },
    'it answers nobody in words of its own': deployment({ '/api/me': { status: 200, json: { authenticated: false } } }),
  },
  reports: {
    open: {
      'who has no token is a guest': deployment({ '/api/me': { status: 200, json: { id: 'guest' } } }),
      'one route was forgotten': deployment({ '/api/chat/messages': { status: 200, json: [] } }),
      'a list is': deployment({ '/api/tasks': { status: 200, json: { tasks: [], total: 0 } } }),
    },
    somebody: {
      'the session is always somebody': deployment(
        {},
        {
          'GET /api/auth/get-session?lockstep': { status: 200, json: { user: { id: 'demo' } } },
        },
      ),
      'a token is for everybody': deployment(
        {},
        {
          'GET /api/auth/token?lockstep': { status: 200, json: { token: tokens.b } },
        },
      ),
    },
  },
  skips: {
    'no assumed route is there': {
      http: deployment({}, { 'GET /api/me': { status: 404 }, 'GET /api/tasks': { status: 404 } }).http,
      target: {
        routes: {
          ...routes,
          me: { ...routes.me, declared: false },
          resources: { ...routes.resources, declared: false },
        },
      },
    },
  },
  inconclusive: {
    'a declared route answers nothing to a user': deployment({}, { 'GET /api/chat/messages': { status: 500 } }),
  },
});
