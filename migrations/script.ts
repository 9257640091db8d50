import { CamelCasePlugin, type CompiledQuery, Kysely, Migrator, NO_MIGRATIONS } from 'kysely';
import { history } from './history.js';
import { stepsFor } from './index.js';
import type { Layout, OptionalSet } from './layout.js';
import { paper } from './paper.js';

/** One step on its way up or down, as SQL. */
export interface ScriptedStep {
  readonly name: string;
  /** the statements of the step itself */
  readonly statements: readonly string[];
  /** the statement by which the Migrator keeps its history */
  readonly record: string;
  readonly creates: readonly string[];
  /** tables that go, with all their rows */
  readonly drops: readonly string[];
}

/** Where a Migrator is to go: everything, one named step, or nothing at all. */
export type Goal = 'latest' | { readonly step: string } | 'nothing';

/** What Kysely's Migrator does to a database in which these steps were applied, in this order; nothing is executed. */
export async function script(
  applied: readonly string[],
  goal: Goal,
  layout: Layout,
  sets: readonly OptionalSet[],
): Promise<ScriptedStep[]> {
  const { dialect, written } = paper(applied);
  const plugins = layout.naming === 'snake' ? [new CamelCasePlugin()] : [];
  const db = new Kysely<unknown>({ dialect, plugins });
  const found: { name: string; from: number; to: number }[] = [];
  const watched = Object.entries(stepsFor(layout, sets)).map(([name, { up, down }]) => {
    const watch = (run: () => Promise<void>) => async () => {
      const from = written.length;
      await run();
      found.push({ name, from, to: written.length });
    };
    return [
      name,
      { up: (on: Kysely<unknown>) => watch(() => up(on))(), down: (on: Kysely<unknown>) => watch(() => down(on))() },
    ];
  });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => Object.fromEntries(watched) },
    // an optional set may be chosen after later steps were applied
    allowUnorderedMigrations: true,
    ...history,
  });
  const run =
    goal === 'latest' ? migrator.migrateToLatest() : migrator.migrateTo(goal === 'nothing' ? NO_MIGRATIONS : goal.step);
  const { error } = await run;
  if (error !== undefined) throw error;
  return found.map(({ name, from, to }) => {
    const queries = written.slice(from, to);
    return {
      name,
      statements: queries.map(({ sql }) => sql),
      record: written[to]?.sql ?? '',
      creates: queries.flatMap(created),
      drops: queries.flatMap(dropped),
    };
  });
}

function created({ query }: CompiledQuery): string[] {
  return query.kind === 'CreateTableNode' ? [query.table.table.identifier.name] : [];
}

function dropped({ query }: CompiledQuery): string[] {
  return query.kind === 'DropTableNode' ? [query.table.table.identifier.name] : [];
}
