import { inconclusive, skip } from '../core/check.js';
import type { Probe } from '../core/probe.js';
import type { Token } from './fetch-token.js';
import { fetchToken } from './fetch-token.js';
import type { Session } from './sign-in.js';
import { noUser, signIn } from './sign-in.js';

/** A session of its own, that a check may end without anybody missing it. */
export interface Spare {
  readonly kind: 'signed-in';
  readonly session: Session;
  readonly token: Token;
}

/** Signs the first user in once more; else why there is no such session, as the end of the check. */
export async function spare(probe: Probe) {
  const { a } = probe.target.users;
  if (a === null) return skip(noUser(probe.target, 'a'));
  const signedIn = await signIn(probe, a);
  if (signedIn.kind === 'skipped') return signedIn;
  if (signedIn.kind !== 'passed') return inconclusive(`${a.email} could not sign in a second time`);
  const fetched = await fetchToken(probe, signedIn.gives);
  if (fetched.kind !== 'passed') return inconclusive(`a second session of ${a.email} got no token`);
  return { kind: 'signed-in', session: signedIn.gives, token: fetched.gives } satisfies Spare;
}

/** Ends a session by Better Auth's own route; why not, in words, where it does not end. */
export async function signOut({ auth }: Probe, { jar }: Session): Promise<string | null> {
  const reply = await auth.post('/sign-out', {}, { jar });
  return reply.status === 200 ? null : `${reply.url} answered ${reply.status}`;
}
