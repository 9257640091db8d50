import { createHash } from 'node:crypto';
import type { DatabaseSeen, RowSeen } from '../../core/evidence/database.js';
import { plain } from '../../core/secret.js';
import type { Candidate } from '../../env-file/evidence/lattice.js';
import { readJsonObject } from '../../token/json.js';
import type { JwksRow } from '../../token/jwks-row.js';
import { newestLive, rowSigner } from '../../token/jwks-row.js';
import type { Signer } from '../../token/mint.js';
import { openXChaCha20 } from '../../token/xchacha20.js';
import type { World } from '../../world.js';
import type { Db, DbWorld } from '../db/open.js';
import { usingDb } from '../db/open.js';
import type { NamedDatabase } from '../jwks-rows.js';
import { moment } from '../jwks-rows.js';

const authTables = ['user', 'session', 'account', 'verification', 'jwks'];
/** Rows that are tried at most, the newest first. */
const most = 20;

const tablesQuery = `select table_name as name from information_schema.tables
  where table_schema = any (current_schemas(false)) and table_type = 'BASE TABLE'`;
// through JSON, so that a column that an older table lacks reads as absent instead of failing
const rowsQuery = 'select to_jsonb(j) as row from jwks j';
const begin = "begin read only; set local statement_timeout = '10s'";

/** The database: which of Better Auth's tables it has, and which candidate opens each key in `jwks`. One round trip. */
export async function lookAtDatabase(
  database: NamedDatabase,
  candidates: readonly Candidate[],
  world: DbWorld & Pick<World, 'now'>,
): Promise<{ seen: DatabaseSeen; signer: Signer | null }> {
  const options = { application: 'lockstep diagnose', source: database.source, waitMs: 0, world };
  return usingDb(database.url, options, async (db) => {
    const { tables, rows } = await everything(db);
    const newest = rows.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime()).slice(0, most);
    const opened = newest.map((row) => open(row, candidates));
    const live = newestLive(newest, world.now());
    const at = live === null ? -1 : newest.indexOf(live);
    const jwk = opened[at]?.jwk ?? null;
    const seen = {
      place: db.place,
      tables: authTables.filter((name) => tables.includes(name)),
      others: tables.filter((name) => !authTables.includes(name)).length,
      rows: opened.map((each) => each.seen),
    };
    return { seen, signer: live === null || jwk === null ? null : rowSigner(live, jwk) };
  });
}

/** One message; where there is no table `jwks`, the database refuses it, and a second one asks for the rest. */
async function everything(db: Db): Promise<{ tables: string[]; rows: JwksRow[] }> {
  try {
    const results = await db.send(`${begin}; ${tablesQuery}; ${rowsQuery}; commit`);
    return { tables: namesIn(results.at(-3)), rows: (results.at(-2) ?? []).map(({ row }) => rowOf(row as Row)) };
  } catch (error) {
    if ((error as { code?: unknown }).code !== '42P01') throw error;
    return { tables: namesIn((await db.send(`rollback; ${begin}; ${tablesQuery}; commit`)).at(-2)), rows: [] };
  }
}

function namesIn(rows: readonly Readonly<Record<string, unknown>>[] = []): string[] {
  return rows.map(({ name }) => String(name));
}

type Row = Readonly<Record<string, string | null | undefined>>;

function rowOf(row: Row): JwksRow {
  return {
    id: String(row.id),
    publicKey: row.publicKey ?? '',
    privateKey: row.privateKey ?? '',
    createdAt: moment(row.createdAt) ?? new Date(0),
    expiresAt: moment(row.expiresAt),
    alg: row.alg ?? null,
  };
}

function open(row: JwksRow, candidates: readonly Candidate[]) {
  const about = {
    kid: row.id,
    alg: row.alg,
    created: row.createdAt.toISOString(),
    expires: row.expiresAt?.toISOString() ?? null,
  };
  const seen = (form: RowSeen['form'], version: number | null, fits: RowSeen['fits']): RowSeen => ({
    ...about,
    form,
    version,
    fits: fits.slice(0, 40),
  });
  const value = parsed(plain(row.privateKey));
  if (typeof value === 'object' && value !== null) {
    return { seen: seen('plain', null, []), jwk: value as Record<string, unknown> };
  }
  const [, version, hex] =
    typeof value === 'string' ? (/^(?:\$ba\$(\d+)\$)?((?:[0-9a-f]{2})+)$/is.exec(value) ?? []) : [];
  if (hex === undefined) return { seen: seen('malformed', null, []), jwk: null };
  const sealed = Buffer.from(hex, 'hex');
  const form = version === undefined ? 'bare' : 'versioned';
  for (const { bytes, fits } of candidates) {
    const bare = openXChaCha20(createHash('sha256').update(bytes).digest(), sealed);
    if (bare === null) continue;
    const jwk = readJsonObject(bare).object;
    bare.fill(0);
    return { seen: seen(form, version === undefined ? null : Number(version), fits), jwk };
  }
  return { seen: seen(form, version === undefined ? null : Number(version), []), jwk: null };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
