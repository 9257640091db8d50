import type { Sighting } from '../../core/observation.js';
import { sighting } from '../../core/observation.js';
import type { SourceFile, SourceTree } from '../../core/source-tree.js';
import { placeAt } from '../place.js';
import type { Looking, Seen } from '../sightings.js';
import { sightingsOf } from '../sightings.js';
import { PythonProgram } from './evaluate.js';
import type { PythonModule } from './module.js';
import { pythonModule } from './module.js';
import type { Token } from './tokens.js';
import { Unreadable } from './tokens.js';
import { verifySightings } from './verify.js';

/** Only a file with one of these words can say anything, or hold a value that one of those needs. */
const telling = /jwt|jose|jwks|secret|settings|config|environ|getenv/i;

/** What the Python of a tree says. */
export function* lookAtPython({ files }: SourceTree): Looking<Seen> {
  const program = new PythonProgram(
    files.filter((file) => /\.pyi?$/.test(file.path) && telling.test(file.text)),
    readModule,
  );
  const { sightings, unread } = yield* sightingsOf(program.files, ({ path }) => {
    const module = program.module(path);
    if (module === null) return [];
    return [
      ...module.calls.flatMap((call) => verifySightings(program, module, call)),
      ...module.texts.flatMap((token) => urlSightings(program, module, token)),
    ];
  });
  return { sightings, unread: [...program.unread, ...unread] };
}

function readModule(file: SourceFile): PythonModule | string {
  try {
    return pythonModule(file);
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    if (error instanceof RangeError) return 'is nested too deeply';
    throw error;
  }
}

/** A text that ends as the address of a JWKS does. */
function urlSightings(program: PythonProgram, module: PythonModule, token: Token): Sighting[] {
  if (!/\/jwks(\.json)?$/.test(token.text)) return [];
  const value = program.value(module, [token]);
  const place = placeAt(module.file, token.start);
  if (value.kind === 'suffix') return [sighting('jwks.url', place, { path: value.text, from: value.from })];
  if (value.kind !== 'text' || !URL.canParse(value.text)) return [];
  const { pathname, hostname } = new URL(value.text);
  return [sighting('jwks.url', place, { path: pathname, from: hostname })];
}
