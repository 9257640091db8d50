import check, { postNotDoubled } from '../../../src/checks/refresh/post-not-doubled.js';
import type { HttpRequest } from '../../../src/world.js';
import { bearerOf, farFuture, gifts, hs256, protectedRoute, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';
import type { Flaw } from '../../support/flawed-client.js';
import { flawedClient } from '../../support/flawed-client.js';

const fresh = hs256({ sub: 'user-a', exp: farFuture, iat: 1 }, 'the-secret-of-the-tests');
const good = (request: HttpRequest) => [tokens.a, fresh].includes(bearerOf(request) ?? '');
const no: ScriptedReply = { status: 401 };

interface Server {
  /** makes the object before it looks at the token */
  readonly hasty?: boolean;
  /** objects that one create makes */
  readonly copies?: number;
  readonly hides?: boolean;
  readonly overrides?: Script;
}

/** Tasks, as an API keeps them; any path of one finds it. */
function tasks({ hasty = false, copies = 1, hides = false, overrides = {} }: Server = {}) {
  const kept = new Map<string, string>();
  let made = 0;
  const scripted: Script = {
    'GET /api/auth/token': { status: 200, json: { token: fresh } },
    'GET /api/tasks': (request) => {
      const list = hides ? [] : [...kept].map(([id, title]) => ({ id, title }));
      return good(request) ? { status: 200, json: { tasks: list } } : no;
    },
    'POST /api/tasks': (request) => {
      if (!good(request) && !hasty) return no;
      const title = JSON.parse(request.body === '' ? '{}' : (request.body ?? '{}')).title as string | undefined;
      if (title === undefined) return { status: 422 };
      for (let n = 0; n < copies; n++) kept.set(`t${++made}`, title);
      return good(request) ? { status: 201, json: { id: `t${made}`, title } } : no;
    },
    ...overrides,
  };
  const one =
    (method: string, id: string) =>
    (request: HttpRequest): ScriptedReply => {
      if (!good(request)) return no;
      if (!kept.has(id)) return { status: 404 };
      if (method === 'DELETE') kept.delete(id);
      return { status: 200, json: { id, title: kept.get(id) } };
    };
  const http = new Proxy(scripted, {
    get(script, line) {
      const [method = '', id] = /^(\w+) \/api\/tasks\/(\w+)$/.exec(String(line))?.slice(1) ?? [];
      return id === undefined ? script[String(line)] : one(method, id);
    },
  });
  return { http };
}
const client = (flaw: Flaw) => ({ ...tasks(), instead: postNotDoubled(flawedClient(flaw)) });

describeCheck(check, {
  given: { session: gifts.session, token: gifts.token, route: protectedRoute, recovers: undefined },
  passes: { 'it is refused, sent again and made': tasks() },
  reports: {
    'made-when-refused': { 'the API looks at the token too late': tasks({ hasty: true }) },
    doubled: {
      'the client sends everything twice': client('sends everything twice'),
    },
    lost: {
      'the client sends no body the second time': client('tries again without a body'),
      'the client sends the old token again': client('tries again with the old token'),
      'the API refuses it': tasks({
        overrides: { 'POST /api/tasks': (request) => (good(request) ? { status: 409 } : no) },
      }),
    },
  },
  skips: { 'the list does not show it': tasks({ hides: true }) },
  inconclusive: {
    'the list fails': tasks({ overrides: { 'GET /api/tasks': { status: 500 } } }),
    'a dead token is answered 403': tasks({ overrides: { 'POST /api/tasks': { status: 403 } } }),
    'the auth server is gone': tasks({ overrides: { 'GET /api/auth/token': 'no answer' } }),
  },
});
