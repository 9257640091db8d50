import { Allowance } from './expand/longest.js';
import { interpolateNext } from './expand/next.js';
import { fromFile, fromShell, placesIn } from './layers.js';
import { readDotenv } from './loaders/dotenv.js';
import { trouble } from './reading.js';
import type { Environment, FileReading, Loaded, Place, Setting, TextFile } from './setting.js';

/**
 * @next/env over files, strongest first. Each file is expanded on its own against the process environment and the
 * stronger files; a variable of the process environment wins, even empty, and is expanded too where a file names it.
 */
export function loadNext(
  files: readonly TextFile[],
  env: Environment,
  wanted: (spelled: string) => boolean = () => true,
): Loaded {
  const live = new Map(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const initial = new Set(live.keys());
  const places = new Map<string, Place[]>();
  const values = new Map<string, string>();
  const readings: FileReading[] = [];
  const allowance = new Allowance();
  for (const file of files) {
    const reading = readDotenv(file.text, () => undefined);
    const here = placesIn(file, reading);
    const parsed = expandFile(here, live, allowance);
    if (!(parsed instanceof Map)) {
      const endless = trouble(parsed.endless, 'endless-expansion', 'file');
      readings.push({ file, reading: { assignments: [], troubles: [...reading.troubles, endless] } });
      continue;
    }
    readings.push({ file, reading });
    parsed.forEach((value, name) => {
      live.set(name, value);
      if (!wanted(name)) return;
      if (!initial.has(name) && !values.has(name)) values.set(name, value);
      places.set(name, [...(places.get(name) ?? []), ...(here.get(name) ?? [])]);
    });
  }
  const settings = new Map<string, Setting>();
  places.forEach((all, name) => {
    const [winner] = all;
    const value = values.get(name) ?? null;
    if (initial.has(name)) settings.set(name, fromShell(name, live.get(name) ?? '', all));
    else if (winner !== undefined) settings.set(name, fromFile(name, winner, all.slice(1), { value }));
  });
  return { settings, files: readings };
}

function expandFile(
  here: ReadonlyMap<string, readonly Place[]>,
  live: ReadonlyMap<string, string>,
  allowance: Allowance,
): Map<string, string> | { endless: number } {
  const parsed = new Map<string, string>();
  here.forEach(([last], name) => {
    parsed.set(name, last?.assignment.value ?? '');
  });
  for (const name of here.keys()) {
    const raw = parsed.get(name) ?? '';
    const value = interpolateNext(
      live.get(name) ?? raw,
      (other) => live.get(other),
      (other) => parsed.get(other),
      allowance,
    );
    if (value === null) return { endless: here.get(name)?.[0]?.assignment.valueAt.start ?? 0 };
    parsed.set(name, value);
  }
  return parsed;
}
