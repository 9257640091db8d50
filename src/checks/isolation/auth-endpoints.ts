import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import type { Jar, Probe } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import { items, pointer, reveals } from '../../core/reply.js';
import session from '../session/login.js';
import secondUser from '../session/second-user.js';
import { signIn } from '../sign-in.js';

/** Of the admin plugin; one user is enough to see. */
const users = '/admin/list-users?limit=1';
/** past the cookie cache, which goes on naming the user of a session that was ended */
const fromDatabase = '/get-session?disableCookieCache=true';

export default defineCheck({
  id: 'isolation/auth-endpoints',
  title: "a user reaches nobody else's session and no rights of an administrator through the auth server",
  severity: 'high',
  impact: 'writes',
  source: ['ASVS 7.5.2', 'ASVS 8.2.1', 'ASVS 8.4.1', 'OWASP API5:2023'],
  needs: { session, secondUser },
  problems: {
    'sessions-listed': { level: 'fail', text: '{url} lists to {reader} a session of {owner}' },
    'session-ended': {
      level: 'fail',
      text: '{url} let {reader} end a session of {owner}',
      hint: 'revoke only sessions of the caller',
    },
    'user-changed': { level: 'fail', text: '{url} let {reader} change the account of {owner}' },
    'role-taken': {
      level: 'fail',
      text: '{url} let {reader} set their own role',
      hint: 'give the field `input: false`: what a user sends must not decide what they may do',
    },
    'admin-open': {
      level: 'fail',
      text: '{url} answered {status} to {reader}, who is no administrator',
      hint: 'ask for the role on every route of the admin plugin',
    },
  },
  async run(probe, { session, secondUser }) {
    const { auth, target } = probe;
    const reader = secondUser.session;
    if (reader.userId === session.userId) return inconclusive('both users are the same person');
    const owner = target.users.a;
    // a session that may be lost, so that a fault does not end the one that other checks use
    const spare = owner === null ? null : await signIn(probe, owner);
    if (spare?.kind !== 'passed') return inconclusive('the first user could not sign in a second time');
    const { jar } = spare.gives;
    probe.defer(async ({ auth }) => void (await auth.post('/sign-out', {}, { jar })));
    const people = { reader: reader.email, owner: session.email };
    const [alive, mine] = await Promise.all([
      auth.get(fromDatabase, { jar }),
      auth.get(fromDatabase, { jar: reader.jar }),
    ]);
    const sessionToken = pointer(alive.json, '/session/token');
    if (typeof sessionToken !== 'string')
      return pointer(alive.json, '/user/id') === session.userId
        ? skip(`${alive.url} does not tell the token of a session: there is none to try`)
        : inconclusive(`${alive.url} names no session`);

    const listed = await auth.get('/list-sessions', { jar: reader.jar });
    if (reveals(listed, sessionToken) || items(listed.json).some((each) => pointer(each, '/userId') === session.userId))
      return problem('sessions-listed', { url: listed.url, ...people });
    // the answer is a success also for a session of somebody else: only a look says what it did
    const revoked = await auth.post('/revoke-session', { token: sessionToken }, { jar: reader.jar });
    const after = await auth.get(fromDatabase, { jar });
    if (after.status === 200 && pointer(after.json, '/user/id') !== session.userId)
      return problem('session-ended', { url: revoked.url, ...people });

    // what is sent is what the sender has already: only somebody else's account could change by it
    const [name, theirs] = [mine, alive].map((reply) => pointer(reply.json, '/user/name'));
    if (typeof name === 'string' && name !== '' && name !== theirs) {
      probe.defer(async ({ auth }) => {
        const now = await auth.get(fromDatabase, { jar });
        if (pointer(now.json, '/user/name') === name) await auth.post('/update-user', { name: theirs }, { jar });
      });
      const body = { name, id: session.userId, userId: session.userId };
      const changed = await auth.post('/update-user', body, { jar: reader.jar });
      const now = await auth.get(fromDatabase, { jar });
      if (pointer(now.json, '/user/name') === name) return problem('user-changed', { url: changed.url, ...people });
    }

    const role = await roleTaken(probe, reader.jar, mine);
    if (role !== null) return problem('role-taken', { url: role, reader: reader.email });
    // roles stand side by side: "user,admin"
    if (!/admin|owner|super/i.test(String(pointer(mine.json, '/user/role')))) {
      const open = await auth.get(users, { jar: reader.jar });
      if (open.status === 200 && Array.isArray(pointer(open.json, '/users')))
        return problem('admin-open', { url: open.url, status: open.status, reader: reader.email });
    }
    return pass();
  },
});

/** Sets a role that means nothing, looks whether it stuck, and puts the old one back. The URL where it did. */
async function roleTaken({ auth, canary, defer }: Probe, jar: Jar, mine: Reply): Promise<string | null> {
  const before = pointer(mine.json, '/user/role');
  if (before === undefined) return null;
  const role = canary();
  defer(async ({ auth }) => {
    const now = await auth.get(fromDatabase, { jar });
    if (pointer(now.json, '/user/role') === role) await auth.post('/update-user', { role: before }, { jar });
  });
  const set = await auth.post('/update-user', { role }, { jar });
  const now = await auth.get(fromDatabase, { jar });
  return pointer(now.json, '/user/role') === role ? set.url : null;
}
