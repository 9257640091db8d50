import packageJson from '../../../package.json' with { type: 'json' };
import { LockstepError, usage } from '../../core/errors.js';
import type { DatabaseSeen } from '../../core/evidence/database.js';
import type { Evidence, Look } from '../../core/evidence/evidence.js';
import { Exit } from '../../core/exit.js';
import type { Redactor } from '../../core/redact.js';
import { Secret } from '../../core/secret.js';
import type { Target } from '../../core/target.js';
import type { Candidate } from '../../env-file/evidence/lattice.js';
import { byLikelihood, lattice } from '../../env-file/evidence/lattice.js';
import type { NamedDatabase } from '../../io/jwks-rows.js';
import type { Signer } from '../../token/mint.js';
import type { World } from '../../world.js';
import { tellWeakTls } from '../database-tls.js';
import { pinned, reach } from '../reach.js';
import type { SourcesSeen } from './checkout.js';
import { findDeployment } from './deployment.js';
import { handedIn } from './handed.js';
import type { Local } from './local.js';
import { lookHere } from './local.js';
import { lookAround } from './online.js';
import type { Options } from './options.js';

/** Everything that the options let be seen, side by side. */
export async function gather(
  options: Options,
  outside: World,
  redactor: Redactor,
  note: (line: string) => void,
  key = outside.random(32),
): Promise<Evidence> {
  const deployment = await findDeployment(options, outside);
  const target = deployment === null ? null : withoutUsers(deployment.target, options.account === false);
  const { users } = target ?? { users: { a: null, b: null } };
  for (const user of [users.a, users.b]) if (user !== null) redactor.learn(user.password.reveal());
  const local = await lookHere(options, target, key, outside, redactor);
  const candidates = byLikelihood(lattice(local.values));
  const database = databaseFor(options, target, local, outside, redactor);
  const contacts = target === null || options.offline === true ? [] : [target.auth, target.api];
  const world = await pinned(options, outside, [...contacts, database?.url]);
  if (database !== null) tellWeakTls(database.url, database.source, world);
  const handed = handedIn(options, candidates, world, redactor);
  const rows = database === null ? null : lookAtRows(database, candidates, world);
  const sources = options.checkout === undefined ? null : lookAtTrees(options.checkout, local, target, world);
  const online =
    target === null || options.offline === true
      ? null
      : lookAround(
          { options, target, local, candidates, signer: rows?.then(({ signer }) => signer) ?? Promise.resolve(null) },
          await reach(options, world, target),
          redactor,
          note,
        );
  const [credentials, base, live, trees] = await Promise.all([handed, rows, online, sources]);
  // a checkout need not have env files: those were not asked for
  const here = trees === null ? local.looks : local.looks.map((look) => ({ ...look, byTheWay: true as const }));
  const looks = [
    ...here,
    ...(live?.looks ?? []),
    ...(base === null ? [] : [base.look]),
    ...(trees === null ? [] : [trees.look]),
  ];
  if (
    live !== null &&
    users.a === null &&
    options.account !== false &&
    deployment !== null &&
    deployment.lacking.length > 0
  )
    looks.push({
      part: 'session',
      failed: `${deployment.lacking.join(', ')} is not set`,
      hint: 'set it, and somebody can sign in',
    });
  if (credentials.length > 0) looks.push({ part: 'credential', failed: null });
  if (looks.length === 0) throw nothingAsked();
  return {
    schemaVersion: 1,
    version: packageJson.version,
    at: new Date(world.now()).toISOString(),
    looks,
    ...(target === null ? {} : { trust: target.trust }),
    holders: local.values.map(({ holder }) => holder),
    ...(local.files === null ? {} : { files: local.files }),
    ...(Object.keys(local.processes).length === 0 ? {} : { processes: local.processes }),
    ...(live?.seen ?? {}),
    ...(base?.seen == null ? {} : { database: base.seen }),
    ...(credentials.length === 0 ? {} : { credentials }),
    ...(trees === null ? {} : { observations: trees.observations }),
  };
}

function withoutUsers(target: Target, without: boolean): Target {
  return without ? { ...target, users: { a: null, b: null } } : target;
}

/** The reader and the parsers are loaded for nobody else. */
async function lookAtTrees(
  checkout: string | true,
  { folders }: Local,
  target: Target | null,
  world: World,
): Promise<SourcesSeen> {
  const { lookAtSources } = await import('./checkout.js');
  const socket = target?.routes.socket.declared === true ? target.routes.socket.value.url : undefined;
  return lookAtSources({ dir: checkout === true ? '.' : checkout, cwd: world.cwd, socket, ...folders }, world);
}

function nothingAsked(): LockstepError {
  return new LockstepError('nothing-asked', 'there is nothing to look at: no env files here, no address, no database', {
    exit: Exit.unfinished,
    hint: 'give --auth URL, or --frontend DIR and --backend DIR',
  });
}

function databaseFor(
  options: Options,
  target: Target | null,
  local: Local,
  world: World,
  redactor: Redactor,
): (NamedDatabase & { asked: boolean }) | null {
  if (options.database === false) return null;
  const name = options.databaseUrlEnv;
  const said = name === undefined ? undefined : world.env[name];
  if (name !== undefined && !said) throw usage(`--database-url-env ${name}: that variable is not set`);
  const chosen =
    said !== undefined
      ? { url: new Secret(said), source: String(name), asked: true }
      : target?.database
        ? { url: target.database, source: 'database of the target', asked: true }
        : local.database
          ? { url: local.database, source: 'DATABASE_URL of the env files', asked: false }
          : null;
  if (chosen !== null) redactor.learn(chosen.url.reveal());
  return chosen;
}

async function lookAtRows(
  database: NamedDatabase & { asked: boolean },
  candidates: readonly Candidate[],
  world: World,
): Promise<{ seen: DatabaseSeen | null; signer: Signer | null; look: Look }> {
  const way = database.asked ? {} : { byTheWay: true as const };
  try {
    const { lookAtDatabase } = await import('../../io/evidence/database.js');
    const { seen, signer } = await lookAtDatabase(database, candidates, world);
    return { seen, signer, look: { part: 'database', failed: null, ...way } };
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return { seen: null, signer: null, look: { part: 'database', failed: error.message, ...way } };
  }
}
