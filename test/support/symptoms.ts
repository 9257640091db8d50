import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lanes } from '../../src/core/lanes.js';
import { Secret } from '../../src/core/secret.js';
import type { Demo } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import type { EdgeOptions } from '../../src/demo/edge/plan.js';
import { type Fault, type FaultId, faults } from '../../src/demo/faults.js';
import { layoutOf } from '../../src/demo/layout.js';
import { hasPostgres, type Postgres, startPostgres } from './postgres.js';
import { type SignedIn, signIn } from './raw-demo.js';

/**
 * What a fault changes, as one observation that has one value on a healthy demo and another on one with the fault. Both
 * are looked at, with raw requests: a fault that changes nothing, or a healthy demo that has it, fails here.
 */
export interface Symptom {
  readonly look: (demo: Demo, a: SignedIn, b: SignedIn) => Promise<unknown>;
  readonly healthy: unknown;
  readonly planted: unknown;
  /** the settings to look under; what the fault needs, or `jwks`, unless given */
  readonly trust?: readonly Trust[];
  /** more of the edge than the fault brings along */
  readonly edge?: EdgeOptions;
}

type Trust = 'jwks' | 'shared-secret';
export type Symptoms = Partial<Readonly<Record<FaultId, Symptom>>>;
export const both = ['jwks', 'shared-secret'] as const;

/** Tests for a table of symptoms: each on one healthy demo of its kind, and each on a demo with the fault alone. */
export function describeSymptoms(symptoms: Symptoms): void {
  const rows = faults.flatMap((fault: Fault) => {
    const id = fault.id as FaultId;
    const symptom = symptoms[id];
    if (symptom === undefined) return [];
    const trusts = symptom.trust ?? [fault.trust ?? 'jwks'];
    // a healthy demo of the same kind: behind the same edge, under the same limits
    const { edge, production } = layoutOf({ ...symptom, faults: [id] });
    return trusts.map((trust) => ({ id, what: fault.what, trust, symptom, kind: { trust, edge, production } }));
  });

  let postgres: Postgres | null = null;
  // quicker than a server each, where there is one; of two demos at a time each wants one to itself
  const databases: string[] = [];
  beforeAll(async () => {
    if (!hasPostgres) return;
    postgres = await startPostgres();
    databases.push(postgres.url, await postgres.database());
  });
  afterAll(() => postgres?.stop());
  const start = async ({ trust, edge, production }: (typeof rows)[number]['kind'], ids: readonly FaultId[]) => {
    const database = databases.pop();
    const demo = await startDemo({
      trust,
      socketAuth: 'query',
      faults: ids,
      production,
      ...(edge === null ? {} : { edge }),
      ...(database === undefined ? {} : { databaseUrl: new Secret(database) }),
    });
    const stop = async () => {
      await demo.stop();
      if (database !== undefined) databases.push(database);
    };
    return { ...demo, stop };
  };

  const kinds = [...new Map(rows.map(({ kind }) => [JSON.stringify(kind), kind])).entries()];
  describe.each(kinds)('a healthy demo, %s', (name, kind) => {
    let demo: Demo;
    let people: People;
    beforeAll(async () => {
      demo = await start(kind, []);
      people = await signInBoth(demo);
    });
    afterAll(() => demo?.stop());

    test.each(rows.filter((row) => JSON.stringify(row.kind) === name))('has not $id: $what', ({ symptom }) =>
      look(demo, people, symptom, symptom.healthy),
    );
  });

  const two = lanes(2);
  test.concurrent.each(rows)('$id with --trust $trust: $what', { timeout: 600_000 }, ({ id, kind, symptom }) =>
    two(async () => {
      const demo = await start(kind, [id]);
      try {
        await look(demo, await signInBoth(demo), symptom, symptom.planted);
      } finally {
        await demo.stop();
      }
    }),
  );
}

type People = readonly [SignedIn, SignedIn];

function signInBoth(demo: Demo): Promise<People> {
  return Promise.all([signIn(demo, 'a'), signIn(demo, 'b')]);
}

async function look(demo: Demo, people: People, symptom: Symptom, expected: unknown): Promise<void> {
  expect(await symptom.look(demo, ...people)).toEqual(expected);
}
