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
  /** what get-session says of a live session as long as nobody asks for the database's word */
  readonly cached?: true;
  readonly ids?: Record<'a' | 'b', string>;
  readonly roleOfB?: string;
  /** the session is told without its token */
  readonly tokenless?: true;
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
    a: { id: bent.ids?.a ?? 'user-a', name: 'Ada', email: 'a@example.test' },
    b: { id: bent.ids?.b ?? 'user-b', name: 'Bob', email: 'b@example.test' },
  };
  if (bent.roles === true) for (const person of Object.values(people)) person.role = 'user';
  if (bent.roleOfB !== undefined) people.b.role = bent.roleOfB;
  let spare = true;
  const session = ({ headers, url }: HttpRequest): ScriptedReply => {
    const { cookie = '' } = headers;
    if (cookie.includes('of-b')) return { status: 200, json: { session: { token: 'token-of-b' }, user: people.b } };
    const live = cookie.includes('spare') && (spare || (bent.cached === true && !url.endsWith('=true')));
    const told = bent.tokenless === true ? {} : { token: 'token-of-spare' };
    return { status: 200, json: live ? { session: told, user: people.a } : null };
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
    'ids are numbers, and that of A stands in a date of B': {
      ...server({ ids: { a: '1', b: '12' }, sessions: [{ token: 'x', userId: '12', createdAt: '2026-01-01' }] }),
      given: {
        session: { ...gifts.session, userId: '1' },
        secondUser: { session: { ...gifts.sessionOfB, userId: '12', jar: jarOf('of-b') }, token: gifts.tokenOfB },
      },
    },
    'B is an administrator among other things': server({
      roleOfB: 'user,admin',
      admin: { status: 200, json: { users: [] } },
    }),
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
    'session-ended': {
      'any session can be ended': server({ revoke: (end) => end() }),
      'any session can be ended, and its cookie cache lives on': server({ revoke: (end) => end(), cached: true }),
    },
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
  skips: { 'the session is told without its token': server({ tokenless: true }) },
  inconclusive: {
    'the first user cannot sign in again': server({ signIn: { status: 401, json: { code: 'INVALID' } } }),
  },
});
