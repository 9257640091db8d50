import { history } from '../../../migrations/history.js';
import { type Layout, layoutName, type OptionalSet, optionalSets, standardLayout } from '../../../migrations/layout.js';
import { folded } from '../../auth-schema/catalogue.js';
import type { Change } from '../../auth-schema/change.js';
import { drift } from '../../auth-schema/drift.js';
import { expectedTables } from '../../auth-schema/expected.js';
import { pendingSteps } from '../../auth-schema/ledger.js';
import { layoutOf, setsOf } from '../../auth-schema/match.js';
import type { Plan } from '../../auth-schema/plan.js';
import { repair } from '../../auth-schema/repair.js';
import type { Table } from '../../auth-schema/shape.js';
import { identifier, literal } from '../../auth-schema/sql.js';
import { usage } from '../../core/errors.js';
import { authTables, hashes, type Look } from './look.js';
import type { Db } from './open.js';
import { count, liveTables, rowCounts } from './rows.js';

/** What the caller wants of the tables; what is not said is read from the database. */
export interface Wanted {
  readonly layout: Partial<Layout>;
  readonly sets: readonly OptionalSet[];
  readonly timezone: string | null;
}

/** What the tables of a database are to be like, and which steps are missing. */
export interface Course {
  readonly layout: Layout;
  readonly sets: readonly OptionalSet[];
  readonly pending: readonly string[];
  /** Better Auth's tables as they are; null where nobody had to ask for them */
  readonly live: readonly Table[] | null;
}

/** Settles layout and sets: the ledger's, else those of tables that are there, else what is wanted, else the standard. */
export async function course(db: Db, look: Look, wanted: Wanted): Promise<Course> {
  const { ledger } = look;
  const unrecorded = ledger.layout === null && authTables(look).length > 0;
  const live = unrecorded ? await liveTables(db, look.schema) : null;
  const found = ledger.layout ?? (live === null ? {} : layoutOf(live));
  for (const [key, flag] of [
    ['id', '--id-type'],
    ['naming', '--field-names'],
  ] as const) {
    if (wanted.layout[key] !== undefined && found[key] !== undefined && wanted.layout[key] !== found[key]) {
      throw usage(`the tables of ${db.place} are made with ${flag} ${found[key]}`, `leave ${flag} out`);
    }
  }
  const layout = { ...standardLayout, ...wanted.layout, ...found };
  const present = unrecorded ? setsOf(look.tables, optionalSets) : [];
  const sets = optionalSets.filter((set) => [...ledger.sets, ...wanted.sets, ...present].includes(set));
  return { layout, sets, pending: pendingSteps(ledger, hashes, sets), live };
}

/** What brings a database to the newest step. Tables that are there and recorded by nobody are adopted. */
export async function planUp(
  db: Db,
  look: Look,
  { layout, sets, pending, live }: Course,
  wanted: Wanted,
): Promise<Plan> {
  const { script } = await import('../../../migrations/script.js');
  const applied = look.ledger.steps.map(({ name }) => name);
  const steps = await script(applied, 'latest', layout, sets);
  const present = new Set(look.tables.map(folded));
  const adopts = steps.some(({ creates }) => creates.some((name) => present.has(folded(name))));
  const records = steps.flatMap(({ name, record }) => [record, sealed(name, layout, adopts)]);
  const common = { layout, sets, steps: pending, adopts, records };
  if (!adopts) {
    const changes = steps.flatMap(({ name, statements }) =>
      statements.map((sql): Change => ({ sql, does: name, unsafe: null })),
    );
    return { ...common, changes, blocked: [], impossible: [], timezone: null };
  }
  const repaired = await planRepair(db, look, layout, sets, live ?? (await liveTables(db, look.schema)), wanted);
  return { ...repaired, ...common };
}

/** What undoes the drift of tables. */
export async function planRepair(
  db: Db,
  look: Look,
  layout: Layout,
  sets: readonly OptionalSet[],
  live: readonly Table[],
  wanted: Wanted,
): Promise<Plan> {
  const expected = expectedTables(layout, sets);
  const differences = drift(expected, live);
  const timeless = differences.some(
    ({ kind, ...rest }) => kind === 'type' && /without time zone/.test(String(Object(rest).found)),
  );
  const timezone = timeless ? { name: wanted.timezone ?? 'UTC', assumed: wanted.timezone === null } : null;
  const { changes, obstacles, impossible } = repair(differences, expected, live, { timezone: timezone?.name ?? 'UTC' });
  const blocked = await count(db, look.schema, obstacles, timezone?.name ?? null);
  return { layout, sets, steps: [], adopts: false, changes, records: [], blocked, impossible, timezone };
}

/** What takes a database back to just after `to`, or to before the first step. Rows that would go stand in the way. */
export async function planDown(
  db: Db,
  look: Look,
  { layout, sets }: Course,
  to: string | null,
  lose: boolean,
): Promise<Plan> {
  const { script } = await import('../../../migrations/script.js');
  const applied = look.ledger.steps.map(({ name }) => name);
  const steps = await script(applied, to === null ? 'nothing' : { step: to }, layout, sets);
  const drops = steps.flatMap((step) => step.drops);
  const present = drops.filter((name) => look.tables.includes(name));
  const gone = drops.filter((name) => !look.tables.includes(name));
  const adopted = steps.filter(({ name }) => look.ledger.steps.some((step) => step.name === name && step.adopted));
  const rows = lose ? new Map<string, number>() : await rowCounts(db, look.schema, present);
  return {
    layout,
    sets,
    steps: steps.map(({ name }) => name),
    adopts: false,
    changes: steps.flatMap(({ name, statements, drops: dropped }) =>
      statements.map((sql) => ({
        sql,
        does: name,
        unsafe: dropped.length > 0 ? 'drops a table with all its rows' : null,
      })),
    ),
    records: steps.map(({ record }) => record),
    blocked: [...rows].flatMap(([table, found]) =>
      found === 0 ? [] : [{ table, problem: 'would be lost', count: found, ids: [] }],
    ),
    impossible: [
      ...gone.map((name) => `table ${name} is not there: lockstep migrate repair`),
      ...(lose
        ? []
        : adopted.flatMap(({ drops: names }) => names.map((name) => `table ${name} was there before lockstep`))),
    ],
    timezone: null,
  };
}

function sealed(step: string, layout: Layout, adopted: boolean): string {
  const hash = hashes[step]?.[layoutName(layout)] ?? '';
  const table = identifier(history.migrationTableName);
  return `update ${table} set hash = ${literal(hash)}, adopted = ${adopted} where name = ${literal(step)}`;
}
