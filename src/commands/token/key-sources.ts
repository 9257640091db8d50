import { resolve } from 'node:path';
import { LockstepError, usage } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { Redactor } from '../../core/redact.js';
import type { Algorithm } from '../../token/algorithms.js';
import { rowKey } from '../../token/jwks-row.js';
import type { Key, KeySet } from '../../token/key.js';
import { keySet, secretKey } from '../../token/key.js';
import type { World } from '../../world.js';
import type { Contacts, ReachOptions } from '../reach.js';
import { pinned, reach } from '../reach.js';
import type { SecretOptions } from './secret-sources.js';
import { environmentSecrets, readSecrets } from './secret-sources.js';
import type { WhereOptions } from './where.js';
import { databaseOf, findTarget } from './where.js';

export interface KeyOptions extends SecretOptions, WhereOptions, ReachOptions {
  /** URLs or files */
  readonly jwks?: readonly string[];
}

/** Where keys come from, and how to get them again where that may give newer ones. */
export interface KeySource {
  readonly keys: readonly Key[];
  readonly again?: () => Promise<readonly Key[]>;
}

/**
 * The keys that the options name; where they name none, those of the deployment: its secret in the environment for a
 * shared-secret token, its JWKS otherwise.
 */
export async function gatherKeys(
  options: KeyOptions,
  symmetric: boolean,
  algorithms: readonly Algorithm[] | undefined,
  outside: World,
  redactor: Redactor,
): Promise<KeySource> {
  const sources: KeySource[] = [];
  const given = await readSecrets(options, outside, redactor);
  const { jwks, database, databaseUrlEnv } = options;
  const named = given !== null || jwks !== undefined || database === true || databaseUrlEnv !== undefined;
  const world = await pinnedForKeys(options, !named, outside, redactor);
  if (given !== null) sources.push({ keys: [secretKey(given.set.current, given.source, algorithms)] });
  for (const place of jwks ?? []) sources.push(await fromJwks(place, await reach(options, world)));
  if (database === true || databaseUrlEnv !== undefined) {
    sources.push({ keys: await fromDatabase(options, world, redactor) });
  }
  if (sources.length === 0) sources.push(await fromDeployment(options, symmetric, algorithms, world, redactor));
  return joined(sources);
}

/** The world with the pins of the options, which hold for the places of keys that they name. `auth`: the deployment too. */
export async function pinnedForKeys(
  options: WhereOptions & Pick<KeyOptions, 'jwks' | 'expectSpki'>,
  auth: boolean,
  world: World,
  redactor: Redactor,
): Promise<World> {
  if (options.expectSpki === undefined) return world;
  const target = await findTarget(options, world);
  const rows = options.database === true || options.databaseUrlEnv !== undefined;
  const contacts: Contacts = [
    ...(options.jwks ?? []),
    auth ? target?.auth : null,
    rows ? databaseOf(options, target, world, redactor).url : null,
  ];
  return pinned(options, world, contacts);
}

function joined(sources: readonly KeySource[]): KeySource {
  const keys = sources.flatMap((source) => source.keys);
  if (sources.every(({ again }) => again === undefined)) return { keys };
  const again = async () => (await Promise.all(sources.map((source) => source.again?.() ?? source.keys))).flat();
  return { keys, again };
}

async function fromDeployment(
  options: KeyOptions,
  symmetric: boolean,
  algorithms: readonly Algorithm[] | undefined,
  world: World,
  redactor: Redactor,
): Promise<KeySource> {
  const target = await findTarget(options, world);
  if (target !== null && !(symmetric && target.trust !== 'jwks'))
    return fromJwks(`${target.auth}/jwks`, await reach(options, world, target));
  const found = symmetric ? environmentSecrets(world, redactor) : null;
  if (found !== null) return { keys: [secretKey(found.set.current, found.source, algorithms)] };
  throw usage('no key to verify with', 'give --jwks, --secret-file, --secret-env, --env-file, --database or --auth');
}

/** The keys of a JWKS by URL or file. A published secret verifies nothing; one in a file was put there on purpose. */
export async function fromJwks(place: string, world: World): Promise<KeySource> {
  if (/^https?:\/\//i.test(place)) {
    const get = () => fetchJwks(place, world);
    return { keys: await get(), again: get };
  }
  const text = await world.files.read(resolve(world.cwd, place), largestFile);
  if (text === null) throw usage(`--jwks ${place}: there is no such file`);
  return { keys: usable(keySet(parsed(text), `the JWKS of ${place}`, { symmetric: true }), place, world) };
}

/** No JWKS of a server is larger; in characters. */
const largestJwks = 65_536;
/** Bytes: some thousand keys. */
const largestFile = 1_048_576;

async function fetchJwks(url: string, world: World): Promise<readonly Key[]> {
  const headers = { accept: 'application/json' };
  const { status, text, json } = await world.http.send({ method: 'GET', url, headers, signal: world.interrupted });
  if (status !== 200) throw noKeys(`${url} answered ${status} instead of a JWKS`);
  if (text.length > largestJwks) throw noKeys(`${url} answered more than ${largestJwks} characters`);
  return usable(keySet(json, `the JWKS of ${url}`), url, world);
}

function usable({ keys, faults }: KeySet, place: string, { stderr }: World): readonly Key[] {
  for (const { index, text } of faults)
    stderr.write(`${place}: ${index === null ? 'it' : `key ${index + 1}`} ${text}\n`);
  if (keys.length === 0) throw noKeys(`${place} has no key that can verify`);
  return keys;
}

export async function fromDatabase(options: WhereOptions, world: World, redactor: Redactor): Promise<Key[]> {
  const target = options.databaseUrlEnv === undefined ? await findTarget(options, world) : null;
  const { readJwksRows } = await import('../../io/jwks-rows.js');
  const rows = await readJwksRows(databaseOf(options, target, world, redactor), world);
  const keys = rows.flatMap((row) => rowKey(row, 'the jwks table') ?? []);
  if (keys.length === 0) throw noKeys('the jwks table has no key that can verify');
  return keys;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noKeys(message: string): LockstepError {
  return new LockstepError('no-keys', message, { exit: Exit.unfinished });
}
