import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { buildArchive } from './archive.js';
import { archivePath } from './archive-path.js';

/** A step of the build: makes the database archive unless the one there is of this PGlite and recipe. */
const archive = archivePath();
const stamp = `${archive}.stamp`;
const pglite = readFileSync(new URL('../package.json', import.meta.resolve('@electric-sql/pglite')));
const wanted = createHash('sha256').update(pglite).update(String(buildArchive)).digest('hex');
if (!existsSync(archive) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  await buildArchive(archive);
  writeFileSync(stamp, wanted);
}
