import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../../src/core/secret.js';
import type { Demo, DemoOptions } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import type { EdgeOptions } from '../../src/demo/edge/plan.js';
import { realWorld } from '../../src/io/world.js';
import { main } from '../../src/main.js';
import type { World } from '../../src/world.js';
import type { Postgres } from '../support/postgres.js';

/** What one check said. */
export interface Verdict {
  readonly verdict: string;
  /** codes of its findings, or why it was skipped or is inconclusive */
  readonly why: string;
  /** its findings and their hints, in the words that a person reads */
  readonly said: string;
}
export type Verdicts = Readonly<Record<string, Verdict>>;

/** A deployment to start, and what is bent about it once it runs. */
export interface Deployment {
  readonly settings: Partial<DemoOptions>;
  /** `--max-wait` of the run */
  readonly wait?: string;
  /** the only check that is asked for; all, unless given */
  readonly only?: string;
  readonly bend?: (demo: Demo) => Promise<Bent>;
}

/** What a deployment became, from outside. */
export interface Bent {
  /** lockstep.json, as it should be read instead */
  readonly config?: (config: string) => string;
  /** variables for the run */
  readonly env?: Readonly<Record<string, string>>;
  readonly undo?: () => Promise<void>;
}

/** What every deployment of a matrix shares. */
export interface Ground {
  /**
   * Databases that nobody uses at the moment, one for each job: a deployment makes a schema of its own in one, and
   * Kysely's migrator stumbles where another schema of the same database goes meanwhile. None: one in memory each.
   */
  readonly databases: string[];
  /** a line that all of them are on */
  readonly wire: EdgeOptions['wire'] | null;
  /** a quarter of the processor time goes into scrypt, which no case is about */
  readonly quickPasswords: boolean;
  /** called before each run of checks, to put them in another order */
  readonly shuffle: () => void;
  /** nothing more is started once it aborts */
  readonly signal: AbortSignal;
}

export function databasesFor(postgres: Postgres, jobs: number): Promise<string[]> {
  return Promise.all(Array.from({ length: jobs }, () => postgres.database()));
}

/** Starts a deployment, runs every check against it as `lockstep check --json` does, and stops it. Throws where it is cut. */
export async function verdictsOf(deployment: Deployment, ground: Ground): Promise<Verdicts> {
  ground.signal.throwIfAborted();
  const databaseUrl = ground.databases.pop();
  try {
    return await verdictsIn(databaseUrl, deployment, ground);
  } finally {
    if (databaseUrl !== undefined) ground.databases.push(databaseUrl);
  }
}

async function verdictsIn(
  databaseUrl: string | undefined,
  { settings, wait, only, bend }: Deployment,
  ground: Ground,
): Promise<Verdicts> {
  const edge = ground.wire ? { ...settings.edge, wire: ground.wire } : settings.edge;
  const demo = await startDemo({
    trust: 'jwks',
    socketAuth: 'query',
    faults: [],
    // a stream takes its time, so that a busy machine does not make one piece of it
    pace: 100,
    quickPasswords: ground.quickPasswords,
    ...settings,
    ...(edge === undefined ? {} : { edge }),
    ...(databaseUrl === undefined ? {} : { databaseUrl: new Secret(databaseUrl) }),
  });
  let bent: Bent = {};
  try {
    bent = (await bend?.(demo)) ?? {};
    if (bent.config !== undefined)
      writeFileSync(demo.configFile, bent.config(readFileSync(demo.configFile, 'utf8')), { mode: 0o600 });
    ground.shuffle();
    const verdicts = await check(demo, { wait, only }, bent.env ?? {});
    // the same signal has ended the run: what it says is not what it would have said
    ground.signal.throwIfAborted();
    return verdicts;
  } finally {
    await bent.undo?.();
    await demo.stop();
  }
}

interface Printed {
  readonly outcome: string;
  readonly error?: { readonly message: string };
  readonly results?: readonly {
    readonly check: string;
    readonly verdict: string;
    readonly because?: string;
    readonly findings: readonly { readonly code: string; readonly text: string; readonly hint?: string }[];
  }[];
}

async function check(
  demo: Demo,
  { wait, only }: { readonly wait: string | undefined; readonly only: string | undefined },
  env: Readonly<Record<string, string>>,
): Promise<Verdicts> {
  const printed: string[] = [];
  const real = realWorld();
  const { a, b } = demo.users;
  const world: World = {
    ...real,
    cwd: demo.folder,
    env: {
      LOCKSTEP_A_PASSWORD: a.password.reveal(),
      LOCKSTEP_B_PASSWORD: b.password.reveal(),
      LOCKSTEP_DATABASE: demo.database.reveal(),
      LOCKSTEP_ACCESS_LOG: join(demo.folder, 'edge', 'access.log'),
      ...env,
    },
    stdout: { isTTY: false, columns: 80, rows: 24, write: (text) => void printed.push(text) },
    stderr: { isTTY: false, columns: 80, rows: 24, write: () => {} },
  };
  const more = [...(only === undefined ? [] : [only]), ...(wait === undefined ? [] : ['--max-wait', wait])];
  const code = await main(['check', '--json', '--allow-noisy', '--config', demo.configFile, ...more], world);
  const { results, error } = JSON.parse(printed.join('')) as Printed;
  if (results === undefined) throw new Error(`lockstep check ended with ${code}: ${error?.message}`);
  return Object.fromEntries(
    results.map(({ check: id, verdict, because, findings }) => [
      id,
      {
        verdict,
        why: because ?? findings.map(({ code: found }) => found).join(', '),
        said: findings.map(({ text, hint }) => (hint === undefined ? text : `${text}\n${hint}`)).join('\n'),
      },
    ]),
  );
}
