import { literal } from '../sql.js';

/** How the values of a column get from one type to another. */
export interface Conversion {
  /** `spelling`: the same text in another box; `value`: something that only reads the same */
  readonly kind: 'spelling' | 'value';
  /** the expression; without one PostgreSQL converts by itself */
  readonly using?: string;
  readonly unsafe: string;
  /** the condition that rows meet which cannot be converted */
  readonly unfit?: (column: string) => string;
}

const rewrites = 'rewrites the table, which nobody can use meanwhile';

/** Null where no conversion keeps what the values mean. `column` is SQL. */
export function conversion(found: string, expected: string, column: string, timezone: string): Conversion | null {
  const from = found.replace(/\(\d+(,\d+)?\)/, '');
  if (expected === 'timestamp with time zone') {
    if (from === expected) return { kind: 'spelling', unsafe: rewrites };
    if (from !== 'timestamp without time zone') return null;
    const using = `${column} at time zone ${literal(timezone)}`;
    return { kind: 'value', using, unsafe: `reads the times as ${timezone}; ${rewrites}` };
  }
  if (expected === 'text') {
    if (/^(character varying|citext)$/.test(from)) return { kind: 'spelling', unsafe: 'locks the table for a moment' };
    if (from === 'character') return { kind: 'spelling', unsafe: rewrites };
    return /^(uuid|jsonb?|integer|bigint)$/.test(from)
      ? { kind: 'value', using: `${column}::text`, unsafe: rewrites }
      : null;
  }
  if (expected === 'boolean') {
    return /^(integer|smallint)$/.test(from) ? { kind: 'value', using: `${column} <> 0`, unsafe: rewrites } : null;
  }
  if (expected === 'bigint' || expected === 'integer') {
    if (!/^(integer|smallint|bigint)$/.test(from)) return null;
    const wide = from === 'bigint';
    return {
      kind: 'spelling',
      unsafe: rewrites,
      ...(wide ? { unfit: (name) => `${name} not between -2147483648 and 2147483647` } : {}),
    };
  }
  return null;
}
