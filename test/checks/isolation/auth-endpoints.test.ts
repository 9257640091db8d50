import check from '../../../src/checks/isolation/auth-endpoints.js';
import type { HttpRequest } from '../../../src/world.js';
import { gifts } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';

/** How an auth server may differ from the healthy one. */
interface Bent {
  readonly sessions?: readonly object[];
  /** what ending a session by its token does */
  readonly revoke?: (end: () => void) => void;
  /** what an update by B does: to B, or to whom the body names */
  readonly update?: (body: Readonly<Record<string, string>>, people: Record<'a' | 'b', Person>) => void;
  readonly roles?: true;
  readonly admin?: ScriptedReply;
  readonly signIn?: ScriptedReply;
}

interface Person {
  id: string;
  name: string;
  email: string;
  role?: string;
}

const jarOf = (cookie: string) => ({ cookieHeader: async () => cookie, store: async () => {} });

/** Better Auth as B meets it: A's spare session is the one that the sign-in sets. */
function server(bent: Bent = {}): { http: Script } {
  const people: Record<'a' | 'b', Person> = {
    a: { id: 'user-a', name: 'Ada', email: 'a@example.test' },
    b: { id: 'user-b', name: 'Bob', email: 'b@example.test' },
  };
  if (bent.roles === true) for (const person of Object.values(people)) person.role = 'user';
  let spare = true;
  const session = ({ headers }: HttpRequest): ScriptedReply => {
    const { cookie = '' } = headers;
    if (cookie.includes('of-b')) return { status: 200, json: { session: { token: 'token-of-b' }, user: people.b } };
    const live = cookie.includes('spare') && spare;
    return { status: 200, json: live ? { session: { token: 'token-of-spare' }, user: people.a } : null };
  };
  const http: Script = {
    'POST /api/auth/sign-in/email': bent.signIn ?? {
      status: 200,
      json: { user: people.a },
      headers: [['set-cookie', 'better-auth.session_token=spare; Path=/']],
    },
    'GET /api/auth/get-session': session,
    'GET /api/auth/get-session?disableCookieCache=true': session,
    'GET /api/auth/list-sessions': { status: 200, json: bent.sessions ?? [{ token: 'token-of-b', userId: 'user-b' }] },
    'POST /api/auth/revoke-session': () => {
      bent.revoke?.(() => {
        spare = false;
      });
      return { status: 200, json: { status: true } };
    },
    'POST /api/auth/update-user': ({ body = '{}' }) => {
      bent.update?.(JSON.parse(body), people);
      return { status: 200, json: { status: true } };
    },
    'GET /api/auth/admin/list-users': bent.admin ?? { status: 404 },
    'GET /api/auth/admin/list-users?limit=1': bent.admin ?? { status: 404 },
    'POST /api/auth/sign-out': { status: 200, json: { success: true } },
  };
  return { http };
}

describeCheck(check, {
  given: {
    session: gifts.session,
    secondUser: { session: { ...gifts.sessionOfB, jar: jarOf('of-b') }, token: gifts.tokenOfB },
  },
  passes: {
    'only what is their own is reached': server(),
    'roles are there and cannot be set': server({ roles: true }),
    'the admin plugin refuses': server({ admin: { status: 403, json: { code: 'YOU_ARE_NOT_ALLOWED' } } }),
    'administrators may list users': (() => {
      const healthy = server({ admin: { status: 200, json: { users: [] } } });
      const asAdmin: ScriptedReply = {
        status: 200,
        json: { session: { token: 'token-of-b' }, user: { id: 'user-b', name: 'Bob', role: 'admin' } },
      };
      const session = healthy.http['GET /api/auth/get-session'] as (request: HttpRequest) => ScriptedReply;
      const both = (request: HttpRequest) => (request.headers.cookie === 'of-b' ? asAdmin : session(request));
      return {
        http: {
          ...healthy.http,
          'GET /api/auth/get-session': both,
          'GET /api/auth/get-session?disableCookieCache=true': both,
        },
      };
    })(),
  },
  reports: {
    'sessions-listed': {
      'all sessions are listed': server({ sessions: [{ token: 'token-of-spare', userId: 'user-a' }] }),
    },
    'session-ended': { 'any session can be ended': server({ revoke: (end) => end() }) },
    'user-changed': {
      'the body says who is changed': server({
        update({ id, name }, people) {
          if (id === 'user-a' && name !== undefined) people.a.name = name;
        },
      }),
    },
    'role-taken': {
      'the role is a field like any other': server({
        roles: true,
        update({ role }, people) {
          if (role !== undefined) people.b.role = role;
        },
      }),
    },
    'admin-open': { 'anybody lists the users': server({ admin: { status: 200, json: { users: [{}] } } }) },
  },
  inconclusive: {
    'the first user cannot sign in again': server({ signIn: { status: 401, json: { code: 'INVALID' } } }),
  },
});
