import { fetchToken } from '../../checks/fetch-token.js';
import { takeBack } from '../../checks/removal.js';
import { signIn } from '../../checks/sign-in.js';
import { LockstepError, Unreachable } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { Entry, Reading } from '../../core/journal.js';
import { inWords } from '../../core/journal.js';
import type { Probe } from '../../core/probe.js';
import type { Secret } from '../../core/secret.js';
import type { User } from '../../core/target.js';
import type { Replayed } from '../../report/cleanup.js';
import type { Journal } from '../../world.js';
import type { Powers } from './remove.js';
import { removeUser, sameServer } from './remove.js';

/** A request without an answer may still be at work: before that, "not there" means nothing. */
const settlingMs = 5_000;

export interface Replay {
  readonly probe: Probe;
  readonly reading: Reading;
  readonly journal: Journal;
  readonly powers: Powers;
}

/** Takes back what a journal says is open, last in, first out. Once nobody answers, nothing more is asked. */
export async function replay(options: Replay): Promise<Replayed[]> {
  const { reading, journal } = options;
  const tokens = new Map<string, Secret | string>();
  const done: Replayed[] = [];
  let lost: string | null = null;
  for (const entry of reading.open.toReversed()) {
    const what = inWords(entry.made, reading.place);
    if (lost !== null) {
      done.push({ what, state: 'unreachable', because: lost });
      continue;
    }
    try {
      const { there, because } = await takenBack(entry, options, tokens);
      await journal.gone(entry.n);
      done.push({ what, state: there ? 'removed' : 'gone', ...(because === undefined ? {} : { because }) });
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      const remains = error.exit === Exit.problems;
      if (remains) await journal.remains(entry.n, error.message);
      if (error instanceof Unreachable) lost = error.message;
      done.push({ what, state: remains ? 'remains' : 'unreachable', because: error.message });
    }
  }
  return done;
}

interface Ended {
  /** it was there, and was removed */
  readonly there: boolean;
  readonly because?: string;
}

async function takenBack(entry: Entry, options: Replay, tokens: Map<string, Secret | string>): Promise<Ended> {
  const { probe, powers } = options;
  const { made, path, answered, at } = entry;
  const wait = answered ? 0 : at + settlingMs - probe.now();
  // never longer than that, whatever the clock did meanwhile
  if (wait > 0) await probe.pause(Math.min(wait, settlingMs));
  if (made.kind === 'user') return { there: await removeUser(probe, made, powers, null) };
  const found: Secret[] = [];
  for (const owner of made.owners) {
    const token = await ownersToken(owner, options, tokens);
    if (typeof token === 'string') return { there: false, because: token };
    found.push(token);
  }
  return { there: await takeBack(probe.api, { ...made, path, answered }, found) };
}

/** A fresh token of the owner; in words, where the owner is a throwaway user who is gone. */
async function ownersToken(
  owner: readonly string[],
  { probe, reading }: Replay,
  tokens: Map<string, Secret | string>,
): Promise<Secret | string> {
  const known = owner.flatMap((name) => tokens.get(name) ?? [])[0];
  if (known !== undefined) return known;
  const token = await fresh();
  for (const name of owner) tokens.set(name, token);
  return token;

  async function fresh(): Promise<Secret | string> {
    const throwaway = reading.open.flatMap(({ made }) => (made.kind === 'user' ? [made] : []));
    const { a, b } = probe.target.users;
    const everybody: readonly Pick<User, 'email' | 'password'>[] = [
      ...throwaway,
      ...[a, b].filter((one) => one !== null),
    ];
    const named = everybody.filter(({ email }) => owner.includes(email));
    // a password goes only to where its user has made something; without an address anybody may be the owner
    const nameless = !owner.some((name) => name.includes('@'));
    for (const user of nameless ? everybody : named) {
      const session = await signIn(probe, { name: 'a', ...user });
      if (!('gives' in session) || session.gives === undefined) {
        const made = throwaway.find(({ email }) => email === user.email);
        const refused = 'problems' in session && session.problems.some(({ code }) => code === 'refused');
        if (made === undefined || !refused) continue;
        await sameServer(probe, made);
        if (named.length > 0) return 'its owner is gone';
        continue;
      }
      const fetched = await fetchToken(probe, session.gives);
      if ('gives' in fetched && fetched.gives.names.some((name) => owner.includes(name))) return fetched.gives.jwt;
    }
    const who = owner.find((name) => name.includes('@')) ?? owner[0] ?? 'somebody';
    if (who.startsWith(`lockstep+${reading.run}-`) && named.length === 0) return 'its owner is gone';
    throw new LockstepError(
      'no-owner',
      `it belongs to ${who}, who could not be signed in: LOCKSTEP_A_EMAIL and LOCKSTEP_A_PASSWORD name a user, or run it beside lockstep.json`,
      { exit: Exit.problems },
    );
  }
}
