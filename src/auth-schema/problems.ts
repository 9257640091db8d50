import { type Data, type Finding, fill } from '../core/finding.js';
import type { Difference } from './difference.js';
import type { Ledger, Standing } from './ledger.js';

/** What is said of each kind of difference; its code is `schema/shape.<kind>`. */
export const shape: { readonly [K in Difference['kind']]: string } = {
  'missing-table': 'there is no table {table}',
  'renamed-table': 'table {table} is called {found}',
  'missing-column': '{table} has no column {column}',
  'renamed-column': '{table}.{column} is called {found}',
  type: '{table}.{column} is {found}, not {expected}',
  nullability: '{table}.{column} {found}, where it {expected}',
  default: '{table}.{column} has {found}, not {expected}',
  identity: '{table}.{column} {found} by PostgreSQL',
  'primary-key': 'the primary key of {table} is ({found}), not ({expected})',
  'missing-unique': '{table}.{column} is not unique',
  'stray-unique': '{table}.{column} is unique ({found}), where values may repeat',
  'missing-index': '{table}.{column} has no index',
  'foreign-key': '{table}.{column} is tied to other tables by {found}, not by {expected}',
  'stray-required-column': '{table}.{column} is required, and Better Auth never writes it',
};

export const repairHint = 'lockstep migrate repair';

/** A difference as a finding. Evidence are names of things in the catalogue, never values of rows. */
export function shapeFinding(difference: Difference): Finding {
  const data: Data = { table: difference.table, ...evidence(difference) };
  return {
    code: `schema/shape.${difference.kind}`,
    level: 'fail',
    text: fill(shape[difference.kind], data),
    hint: repairHint,
    data,
  };
}

const described = (value: string | null) => (value === null ? 'no default' : `the default ${value}`);

function evidence(difference: Difference): Data {
  switch (difference.kind) {
    case 'missing-table':
      return {};
    case 'renamed-table':
      return { found: difference.found };
    case 'missing-column':
      return { column: difference.expected.name };
    case 'renamed-column':
      return { column: difference.column, found: difference.found };
    case 'type':
      return { column: difference.column, expected: difference.expected, found: difference.found };
    case 'nullability': {
      const [must, may] = ['must be filled', 'may be empty'];
      const [expected, found] = difference.nullable ? [may, must] : [must, may];
      return { column: difference.column, expected, found };
    }
    case 'default':
      return {
        column: difference.column,
        expected: described(difference.expected),
        found: described(difference.found),
      };
    case 'identity':
      return { column: difference.column, found: difference.identity ? 'is not counted up' : 'is made' };
    case 'primary-key':
      return { expected: difference.expected.join(', '), found: difference.found.join(', ') };
    case 'missing-unique':
    case 'missing-index':
      return { column: difference.expected.columns.join(', ') };
    case 'stray-unique':
      return { column: difference.found.columns.join(', '), found: difference.found.name };
    case 'foreign-key': {
      const { expected, wrong } = difference;
      const said = (key: { table: string; onDelete: string }) => `${key.table} on delete ${key.onDelete.toLowerCase()}`;
      return {
        column: expected.columns.join(', '),
        expected: said(expected),
        found: wrong.map((key) => `${said(key)}${key.valid ? '' : ' not valid'}`).join(' and ') || 'nothing',
      };
    }
    case 'stray-required-column':
      return { column: difference.column };
  }
}

export const ledger: Readonly<Record<Exclude<Standing, 'applied'>, { readonly text: string; readonly hint: string }>> =
  {
    edited: {
      text: 'step {step} was applied with other statements than it has now',
      hint: 'a step that was applied is never edited: go back to the version of lockstep that applied it',
    },
    unknown: {
      text: 'step {step} was applied, and this version of lockstep does not know it',
      hint: 'update lockstep',
    },
  };

/** What is wrong with the recorded steps: `schema/ledger.edited`, `schema/ledger.unknown`. */
export function ledgerFindings({ steps }: Ledger): Finding[] {
  return steps.flatMap(({ name, standing }) => {
    if (standing === 'applied') return [];
    const { text, hint } = ledger[standing];
    const data = { step: name };
    return [{ code: `schema/ledger.${standing}`, level: 'fail', text: fill(text, data), hint, data }];
  });
}
