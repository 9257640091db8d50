import { LockstepError } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { Probe } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import { pointer } from '../../core/reply.js';
import { Secret } from '../../core/secret.js';
import type { User } from '../../core/target.js';
import type { World } from '../../world.js';
import type { Powers } from './remove.js';
import { removeUser } from './remove.js';

export interface SignUp {
  readonly probe: Probe;
  readonly run: string;
  /** ids of the keys of the auth server */
  readonly keys: readonly string[];
  /** also after the run was ended */
  readonly powers: Powers;
  readonly learn: (secret: string) => void;
  readonly world: Pick<World, 'random'>;
}

/** Makes a throwaway user, on record before it is asked for. In words why not, where the auth server refuses. */
export async function signUp(
  name: User['name'],
  { probe, run, keys, powers, learn, world }: SignUp,
): Promise<User | string> {
  const email = `lockstep+${run}-${name === 'a' ? 1 : 2}@example.invalid`;
  // of every kind of character, for deployments that insist on some
  const password = new Secret(`${Buffer.from(world.random(18)).toString('base64url')}-aA1`);
  learn(password.reveal());
  const made = { kind: 'user', email, password, keys } as const;
  const jar = probe.newJar();
  let sending: Promise<Reply> | undefined;
  const recorded = await probe.record(made, async (later) => {
    // an interruption has not waited for the answer: who is not there yet would come after the look
    await sending?.catch(() => null);
    await removeUser(later, made, powers, { jar });
  });
  const body = { name: `lockstep ${run}`, email, password: password.reveal() };
  sending = probe.auth.post('/sign-up/email', body, { jar, toTheEnd: true }).then(async (reply) => {
    await recorded.answered(null);
    return reply;
  });
  const { url, status, json } = await sending;
  const said = `${url} answered ${status} ${String(pointer(json, '/code') ?? '')}`.trim();
  if (status >= 400 && status < 500) return `${said} to a sign-up`;
  if (status !== 200 || typeof pointer(json, '/user/id') !== 'string') {
    throw new LockstepError('no-sign-up', `${said} to a sign-up`, { exit: Exit.unfinished });
  }
  return { name, email, password };
}
