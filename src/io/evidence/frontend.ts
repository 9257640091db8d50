import { createHmac } from 'node:crypto';
import type { FrontendSeen, OracleSeen } from '../../core/evidence/frontend.js';
import type { Fit } from '../../core/evidence/holder.js';
import { pointer } from '../../core/reply.js';
import type { Candidate } from '../../env-file/evidence/lattice.js';
import type { Asked, Line } from './ask.js';
import { ask, cleared } from './ask.js';
import { cookieNames } from './cookies.js';

/** Paths that clear a cookie whose session is unknown; a plugin may keep the first from doing so. */
const paths = ['/get-session', '/list-sessions', '/token'];
/** A tenth of what a limit of 100 in 10 s allows at once. */
const together = 10;
/** Signed cookies that are sent at most, on each path. */
const most = 60;

/** The running frontend, as anybody can ask it: nothing is signed in, nothing is written. */
export async function lookAtFrontend(
  line: Line,
  auth: string,
  candidates: readonly Candidate[],
  exact: number,
  deep: boolean,
  keySet: Promise<Asked>,
): Promise<FrontendSeen> {
  const [ok, session, token, jwks, out] = await Promise.all([
    ask(line, `${auth}/ok`),
    ask(line, `${auth}/get-session`),
    ask(line, `${auth}/token`),
    keySet,
    // without a session it clears its cookies all the same, and so tells their names
    ask(line, `${auth}/sign-out`, { method: 'POST', body: {} }),
  ]);
  const cookies = cleared(out.reply);
  const names = cookieNames(cookies);
  const speaks = session.answer.status === 200 && session.answer.body === 'null';
  const oracle = speaks ? await unknownSessions(line, auth, names, candidates, exact, deep) : null;
  const list = pointer(jwks.reply?.json, '/keys');
  const keys = (Array.isArray(list) ? list : []).slice(0, 50).map((key: unknown) => ({
    kid: text(pointer(key, '/kid')),
    alg: text(pointer(key, '/alg')),
    kty: text(pointer(key, '/kty')),
  }));
  return {
    url: auth,
    ok: ok.answer,
    session: session.answer,
    token: token.answer,
    jwks: jwks.answer,
    keys,
    cookies,
    oracle,
    clock: ok.clock ?? session.clock,
  };
}

/**
 * Names a session that nobody has, signed with each candidate: whose signature is right gets its cookie cleared. First
 * the values as they stand, on each path; then, where `deep`, what they may have become.
 */
async function unknownSessions(
  line: Line,
  auth: string,
  names: readonly string[],
  candidates: readonly Candidate[],
  exact: number,
  deep: boolean,
): Promise<OracleSeen> {
  const total = { tried: 0, waited: 0 };
  const tell = async (path: string, key: Uint8Array) => {
    const { reply, answer, waited } = await ask(line, `${auth}${path}`, { cookie: unknownCookie(line, names, key) });
    total.waited += waited;
    return { clears: cleared(reply).length > 0, clear: answer.status === 200 || answer.status === 401 };
  };
  const seen = (path: string, control: OracleSeen['control'], fits: readonly Fit[]): OracleSeen => ({
    path,
    control,
    fits,
    ...total,
    untried: candidates.length - total.tried,
  });
  const plain = candidates.slice(0, Math.min(exact, most));
  let control: OracleSeen['control'] = 'unclear';
  const working: string[] = [];
  for (const path of paths) {
    const stranger = await tell(path, line.random(32));
    if (stranger.clears) {
      // it clears whatever it is sent
      if (working.length === 0) control = 'cleared';
      continue;
    }
    if (!stranger.clear) continue;
    control = 'silent';
    working.push(path);
    const fits = await first(plain, (key) => tell(path, key), total);
    if (fits !== null) return seen(path, control, fits);
  }
  if (deep) {
    for (const path of working.slice(0, 2)) {
      const fits = await first(candidates.slice(plain.length, most), (key) => tell(path, key), total);
      if (fits !== null) return seen(path, control, fits);
    }
  }
  total.tried = Math.min(total.tried, candidates.length);
  return seen(working[0] ?? '/get-session', control, []);
}

/** The ways to the first candidate that is taken, some at a time; null where none is. */
async function first(
  candidates: readonly Candidate[],
  tell: (key: Uint8Array) => Promise<{ clears: boolean }>,
  total: { tried: number },
): Promise<readonly Fit[] | null> {
  for (let at = 0; at < candidates.length; at += together) {
    const some = candidates.slice(at, at + together);
    total.tried += some.length;
    const answers = await Promise.all(some.map(({ bytes }) => tell(bytes)));
    const taken = answers.findIndex(({ clears }) => clears);
    if (taken !== -1) return some[taken]?.fits ?? null;
  }
  return null;
}

/** A session cookie as Better Auth signs it, of a session that does not exist, under each name. */
export function unknownCookie(line: Line, names: readonly string[], key: Uint8Array): string {
  const session = Buffer.from(line.random(24)).toString('base64url').replaceAll(/[-_]/g, 'x');
  const signed = encodeURIComponent(`${session}.${createHmac('sha256', key).update(session).digest('base64')}`);
  line.learn(signed);
  return names.map((name) => `${name}=${signed}`).join('; ');
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.length <= 120 ? value : null;
}
