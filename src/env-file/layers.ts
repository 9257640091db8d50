import { Secret } from '../core/secret.js';
import type { Loader } from './loader.js';
import type { Assignment, Lookup, Read, Reading } from './reading.js';
import { nothing, trouble } from './reading.js';
import type { Environment, FileReading, Place, Setting, TextFile } from './setting.js';

/** How the files of a loader and the process environment lie over each other. */
export interface Layers {
  readonly read: Read;
  /** which of several files wins */
  readonly strongest: 'first' | 'last';
  /** whether a variable of the process environment wins over the files */
  readonly shellWins: boolean | 'unless-empty';
  /** bytes that are not UTF-8 make it refuse the file */
  readonly strict: boolean;
  /** the spelling under which names are compared */
  readonly spelling?: (name: string) => string;
  /** what a reference in a file may mean while it is read */
  readonly sees: 'environment' | 'environment-then-earlier-files' | 'earlier-files-then-environment';
  readonly expand?: Expand;
}

/** Replaces references in what the files say; returns the outcome of each name. */
export type Expand = (raw: ReadonlyMap<string, string>, env: Environment) => ReadonlyMap<string, Outcome>;
export type Outcome = Pick<Assignment, 'value' | 'undecided'>;

/** Reads files in their order and lays them over each other. */
export function layered(layers: Layers): Loader['load'] {
  return (files, env, wanted = every) => {
    const spelling = layers.spelling ?? same;
    const folded = new Map(Object.entries(env).map(([name, value]) => [spelling(name), value]));
    const readings = readAll(files, layers, (name) => folded.get(spelling(name)));
    // what the others refer to must be known as well
    const places = gather(readings, layers, layers.expand === undefined ? wanted : every);
    const expanded = layers.expand?.(written(readings, places), env) ?? new Map<string, Outcome>();
    const settings = new Map<string, Setting>();
    places.forEach((all, name) => {
      const [winner] = all;
      if (winner === undefined || !wanted(name)) return;
      const shell = layers.shellWins ? folded.get(name) : undefined;
      const beaten = shell === undefined || (shell === '' && layers.shellWins === 'unless-empty');
      const outcome = expanded.get(name) ?? winner.assignment;
      if (!beaten) settings.set(name, fromShell(name, shell, all));
      else settings.set(name, fromFile(name, winner, all.slice(1), outcome));
    });
    return { settings, files: readings };
  };
}

/** What the files say, the winner of each name, in the order in which the loader meets them. */
function written(readings: readonly FileReading[], places: ReadonlyMap<string, Place[]>): Map<string, string> {
  const raw = new Map<string, string>();
  for (const { reading } of readings) {
    for (const { name } of reading.assignments) {
      const value = places.get(name)?.[0]?.assignment.value ?? null;
      if (value !== null) raw.set(name, value);
    }
  }
  return raw;
}

export function fromShell(name: string, value: string, hidden: readonly Place[]): Setting {
  return { name, value: new Secret(value), undecided: null, at: null, hidden, expanded: false };
}

export function fromFile(name: string, at: Place, hidden: readonly Place[], { value, undecided }: Outcome): Setting {
  return {
    name,
    value: value === null ? null : new Secret(value),
    undecided: undecided ?? null,
    at,
    hidden,
    expanded: at.assignment.expanded === true || value !== at.assignment.value,
  };
}

/** Each file as the loader reads it. */
function readAll(files: readonly TextFile[], { read, strict, sees }: Layers, env: Lookup): FileReading[] {
  const earlier = new Map<string, string>();
  const lookups: Readonly<Record<Layers['sees'], Lookup>> = {
    environment: env,
    'environment-then-earlier-files': (name) => env(name) ?? earlier.get(name),
    'earlier-files-then-environment': (name) => earlier.get(name) ?? env(name),
  };
  return files.map((file, i) => {
    const reading = readOne(file, read, strict, lookups[sees]);
    if (i < files.length - 1)
      for (const { name, value } of reading.assignments) if (value !== null) earlier.set(name, value);
    return { file, reading };
  });
}

function readOne(file: TextFile, read: Read, strict: boolean, env: Lookup): Reading {
  if (strict && file.invalidAt !== null)
    return { ...nothing, troubles: [trouble(file.invalidAt, 'not-utf-8', 'file')] };
  return read(file.text, env);
}

/** Every name with the places that set it, strongest first; names in the order in which they first occur. */
function gather(
  readings: readonly FileReading[],
  { strongest, spelling = same }: Layers,
  wanted: (spelled: string) => boolean,
): Map<string, Place[]> {
  const places = new Map<string, Place[]>();
  for (const { file, reading } of strongest === 'first' ? readings : readings.toReversed()) {
    for (const [name, found] of placesIn(file, reading, spelling, wanted)) {
      const stronger = places.get(name);
      places.set(name, stronger === undefined ? found : [...stronger, ...found]);
    }
  }
  return places;
}

/** What one file sets: each name with its assignments, last first. */
export function placesIn(
  file: TextFile,
  { assignments }: Reading,
  spelling: (name: string) => string = same,
  wanted: (spelled: string) => boolean = every,
): Map<string, Place[]> {
  const places = new Map<string, Place[]>();
  assignments.forEach((assignment) => {
    // a name without a value, and none in the environment, sets nothing
    if (assignment.undecided === 'inherited' && assignment.value === null) return;
    const name = spelling(assignment.name);
    if (!wanted(name)) return;
    const known = places.get(name);
    if (known === undefined) places.set(name, [{ file, assignment }]);
    else known.push({ file, assignment });
  });
  places.forEach((found) => {
    found.reverse();
  });
  return places;
}

function every(): boolean {
  return true;
}

function same(name: string): string {
  return name;
}
