import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildArchive } from './archive.js';
import { archiveName } from './archive-name.js';

/** A step of the build: makes the database archive beside this file, unless the one there is of this PGlite and recipe. */
const archive = fileURLToPath(new URL(archiveName, import.meta.url));
const stamp = `${archive}.stamp`;
const pglite = readFileSync(new URL('../package.json', import.meta.resolve('@electric-sql/pglite')));
const wanted = createHash('sha256').update(pglite).update(String(buildArchive)).digest('hex');
if (!existsSync(archive) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  await buildArchive(archive);
  writeFileSync(stamp, wanted);
}
