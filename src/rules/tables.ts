import type { Evidence } from '../core/evidence/evidence.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';

const causes = {
  missing: {
    certainty: 'proven',
    text: 'the database has no table {tables}',
    means: 'Better Auth answers 500 to every path, /ok too',
    fix: ['`lockstep migrate up` makes what is missing', 'restart the frontend: it keeps its first look at the tables'],
    weight: 88,
  },
  'other-database': {
    certainty: 'proven',
    text: 'the database is one of something else: it has {others} tables, and none of Better Auth',
    means: 'the database URL leads to another database than the frontend is meant to use',
    fix: ['correct DATABASE_URL', 'or, where the application shares that database, `lockstep migrate up`'],
    weight: 87,
  },
  'no-jwks': {
    certainty: 'proven',
    text: 'the database has no table jwks, which the jwt plugin needs',
    means: 'the frontend answers 500 to every path, or to those that need a signature',
    fix: ['`lockstep migrate up` makes it', 'restart the frontend'],
    weight: 86,
  },
  'needs-restart': {
    certainty: 'likely',
    text: 'the tables are all there, and the frontend answers {status} to /ok: it still goes by its first look at them',
    means:
      'Better Auth looks at its tables once; after a migration in another process it answers 500 until it is restarted',
    fix: ['restart the frontend', '`lockstep migrate drift` says whether columns are missing'],
    proof: 'it answers after a restart',
    weight: 70,
  },
  crashes: {
    certainty: 'likely',
    text: 'the frontend answers {status} to /ok',
    means:
      'Better Auth does so to every path where a table or a column is missing or the database cannot be reached at its start',
    fix: ['look at the tables: `lockstep migrate status`, `lockstep migrate drift`', 'read the log of the frontend'],
    proof: 'the tables of its database: name it with --database-url-env',
    symptom: true,
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'tables',
  title: 'tables of Better Auth are missing',
  causes,
  match(evidence) {
    const { database, frontend } = evidence;
    const broken = frontend !== undefined && frontend.ok.status >= 500 ? frontend.ok.status : null;
    if (database === undefined) {
      if (broken === null) return [];
      return [
        {
          cause: 'crashes',
          guilty: 'frontend',
          data: { status: broken },
          because: [`${frontend?.url}/ok answers ${broken}`],
        },
      ];
    }
    return inDatabase(evidence, broken);
  },
  excludes({ database }) {
    const all =
      database !== undefined &&
      ['user', 'session', 'account', 'verification'].every((name) => database.tables.includes(name));
    return all ? `the tables: ${database.tables.join(', ')} are there` : null;
  },
});

function inDatabase({ database, frontend, session }: Evidence, broken: number | null): Found<typeof causes>[] {
  const tables = database?.tables ?? [];
  const guilty = 'database' as const;
  const because = [
    `${database?.place} was looked at`,
    ...(broken === null ? [] : [`${frontend?.url}/ok answers ${broken}`]),
  ];
  const lacking = ['user', 'session', 'account', 'verification'].filter((name) => !tables.includes(name));
  if (tables.length === 0 && (database?.others ?? 0) > 0)
    return [{ cause: 'other-database', guilty, data: { others: database?.others ?? 0 }, because }];
  if (lacking.length > 0) return [{ cause: 'missing', guilty, data: { tables: lacking.join(', ') }, because }];
  const signs = [frontend?.jwks.status, frontend?.ok.status, session?.answer?.status].some(
    (status) => (status ?? 0) >= 500,
  );
  if (!tables.includes('jwks') && signs) return [{ cause: 'no-jwks', guilty, data: {}, because }];
  return broken === null ? [] : [{ cause: 'needs-restart', guilty: 'frontend', data: { status: broken }, because }];
}
