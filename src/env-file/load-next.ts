import { interpolateNext } from './expand/next.js';
import { fromFile, fromShell, placesIn } from './layers.js';
import { readDotenv } from './loaders/dotenv.js';
import { trouble } from './reading.js';
import type { Environment, FileReading, Loaded, Place, Setting, TextFile } from './setting.js';

/**
 * @next/env over files, strongest first. Each file is expanded on its own against the process environment and the
 * stronger files; a variable of the process environment wins, even empty, and is expanded too where a file names it.
 */
export function loadNext(files: readonly TextFile[], env: Environment): Loaded {
  const live = new Map(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const initial = new Set(live.keys());
  const places = new Map<string, Place[]>();
  const values = new Map<string, string>();
  const readings: FileReading[] = [];
  for (const file of files) {
    const reading = readDotenv(file.text, () => undefined);
    const here = placesIn(file, reading);
    const parsed = expandFile(here, live);
    if (!(parsed instanceof Map)) {
      const endless = trouble(parsed.endless, 'endless-expansion', 'file');
      readings.push({ file, reading: { assignments: [], troubles: [...reading.troubles, endless] } });
      continue;
    }
    readings.push({ file, reading });
    for (const [name, value] of parsed) {
      live.set(name, value);
      if (!initial.has(name) && !values.has(name)) values.set(name, value);
      places.set(name, [...(places.get(name) ?? []), ...(here.get(name) ?? [])]);
    }
  }
  const settings = new Map<string, Setting>();
  for (const [name, all] of places) {
    const [winner, ...hidden] = all;
    const value = values.get(name) ?? null;
    if (initial.has(name)) settings.set(name, fromShell(name, live.get(name) ?? '', all));
    else if (winner !== undefined) settings.set(name, fromFile(name, winner, hidden, { value }));
  }
  return { settings, files: readings };
}

function expandFile(
  here: ReadonlyMap<string, readonly Place[]>,
  live: ReadonlyMap<string, string>,
): Map<string, string> | { endless: number } {
  const parsed = new Map<string, string>();
  for (const [name, [last]] of here) parsed.set(name, last?.assignment.value ?? '');
  for (const [name, raw] of [...parsed]) {
    const value = interpolateNext(
      live.get(name) ?? raw,
      (other) => live.get(other),
      (other) => parsed.get(other),
    );
    if (value === null) return { endless: here.get(name)?.[0]?.assignment.valueAt.start ?? 0 };
    parsed.set(name, value);
  }
  return parsed;
}
