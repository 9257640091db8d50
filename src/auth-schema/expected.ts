import type { IdType, Layout, OptionalSet } from '../../migrations/layout.js';
import type { Column, Table } from './shape.js';

type Type = 'text' | 'boolean' | 'integer' | 'bigint' | 'timestamp with time zone';

/** A column: its type, `null` where it may be empty, `now` where PostgreSQL fills it in. */
type Spec = readonly [Type] | readonly [Type, 'null' | 'now'];

interface TableSpec {
  readonly columns: Readonly<Record<string, Spec | 'user'>>;
  readonly unique?: string;
  readonly index?: string;
}

const text: Spec = ['text'];
const anyText: Spec = ['text', 'null'];
const time: Spec = ['timestamp with time zone'];
const anyTime: Spec = ['timestamp with time zone', 'null'];
const timeNow: Spec = ['timestamp with time zone', 'now'];

const core: Readonly<Record<string, TableSpec>> = {
  user: {
    columns: {
      name: text,
      email: text,
      emailVerified: ['boolean'],
      image: anyText,
      createdAt: timeNow,
      updatedAt: timeNow,
    },
    unique: 'email',
  },
  session: {
    columns: {
      expiresAt: time,
      token: text,
      createdAt: timeNow,
      updatedAt: time,
      ipAddress: anyText,
      userAgent: anyText,
      userId: 'user',
    },
    unique: 'token',
    index: 'userId',
  },
  account: {
    columns: {
      accountId: text,
      providerId: text,
      userId: 'user',
      accessToken: anyText,
      refreshToken: anyText,
      idToken: anyText,
      accessTokenExpiresAt: anyTime,
      refreshTokenExpiresAt: anyTime,
      scope: anyText,
      password: anyText,
      createdAt: timeNow,
      updatedAt: time,
    },
    index: 'userId',
  },
  verification: {
    columns: { identifier: text, value: text, expiresAt: time, createdAt: timeNow, updatedAt: timeNow },
    index: 'identifier',
  },
  jwks: {
    columns: { publicKey: text, privateKey: text, createdAt: time, expiresAt: anyTime, alg: anyText, crv: anyText },
  },
};

const optional: Readonly<Record<OptionalSet, Readonly<Record<string, TableSpec>>>> = {
  rateLimit: {
    rateLimit: { columns: { key: text, count: ['integer'], lastRequest: ['bigint'] }, unique: 'key' },
  },
};

/** The tables as Better Auth 1.7.3 and later want them, and as the migrations make them. Ordered: a table may refer to earlier ones. */
export function expectedTables(layout: Layout, sets: readonly OptionalSet[]): Table[] {
  const specs = Object.assign({}, core, ...sets.map((set) => optional[set]));
  return Object.entries(specs as typeof core).map(([name, spec]) => table(name, spec, layout));
}

/** `emailVerified` -> `email_verified`, as Kysely's CamelCasePlugin spells it. */
export function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function table(camel: string, { columns, unique, index }: TableSpec, { id, naming }: Layout): Table {
  const spelled = (name: string) => (naming === 'snake' ? snake(name) : name);
  const name = spelled(camel);
  const named = (column: string, suffix: string) => `${name}_${spelled(column)}_${suffix}`;
  const references = Object.keys(columns).filter((column) => columns[column] === 'user');
  return {
    name,
    columns: [
      ids[id],
      ...Object.entries(columns).map(([column, spec]) =>
        spec === 'user'
          ? { ...plain(ids[id].type), name: spelled(column) }
          : { ...settle(spec), name: spelled(column) },
      ),
    ],
    primaryKey: ['id'],
    uniques: unique === undefined ? [] : [{ name: named(unique, 'key'), columns: [spelled(unique)], constraint: true }],
    indexes: index === undefined ? [] : [{ name: named(index, 'idx'), columns: [spelled(index)], valid: true }],
    foreignKeys: references.map((column) => ({
      name: named(column, 'fkey'),
      columns: [spelled(column)],
      table: 'user',
      references: ['id'],
      onDelete: 'CASCADE',
      valid: true,
    })),
  };
}

const ids: Readonly<Record<IdType, Column>> = {
  text: { ...plain('text'), name: 'id' },
  uuid: { ...plain('uuid'), name: 'id', default: 'gen_random_uuid()' },
  serial: { ...plain('integer'), name: 'id', identity: true },
};

function settle([type, kind]: Spec): Omit<Column, 'name'> {
  return { ...plain(type), nullable: kind === 'null', default: kind === 'now' ? 'CURRENT_TIMESTAMP' : null };
}

function plain(type: string): Omit<Column, 'name'> {
  return { type, nullable: false, default: null, identity: false };
}
