import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';

const settings = (...pairs: string[]) => [...PGlite.defaultStartParams, ...pairs.flatMap((pair) => ['-c', pair])];

/**
 * Writes an initialised, empty data folder as a tar.gz: what `initdb` leaves, without what one database in memory never
 * needs. 1 MB WAL segments and no spare ones; no template databases, so CREATE DATABASE is not possible in it.
 * 8 MB unpacked instead of 40.
 */
export async function buildArchive(path: string): Promise<void> {
  const db = await PGlite.create({
    initDbStartParams: ['--wal-segsize=1'],
    startParams: settings(
      'min_wal_size=2MB',
      'max_wal_size=2MB',
      'wal_recycle=off',
      'wal_level=minimal',
      'max_wal_senders=0',
    ),
  });
  for (const statement of [
    'update pg_database set datistemplate = false',
    'drop database template0',
    'drop database template1',
    'vacuum full',
    'checkpoint',
  ]) {
    await db.query(statement);
  }
  const tar = await (await db.dumpDataDir('none')).arrayBuffer();
  await db.close();
  mkdirSync(dirname(path), { recursive: true });
  // never half an archive: a build can be interrupted
  writeFileSync(`${path}.new`, gzipSync(new Uint8Array(tar), { level: 9 }));
  renameSync(`${path}.new`, path);
}

/** What `--liftoff-only` on a command line implies; set later, it implies nothing, so each is named (V8 11 to 13). */
const compileOnce = ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

/**
 * Starts PGlite in memory from an archive; throws where there is none. Its WebAssembly is compiled once, quickly, and
 * never again for speed: a demo lives for seconds, and optimising costs more processor time and memory than it saves.
 */
export async function openArchive(path: string): Promise<PGlite> {
  for (const flag of compileOnce) setFlagsFromString(flag);
  const startParams = settings('shared_buffers=4MB');
  if (!existsSync(path)) throw new Error('the database archive is missing: run `npm run build`');
  const tar = gunzipSync(readFileSync(path));
  return PGlite.create({ startParams, loadDataDir: new Blob([new Uint8Array(tar)]) });
}
