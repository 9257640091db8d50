import { decode } from '../../src/env-file/decode.js';
import type { Dialects, LoaderName } from '../../src/env-file/loader.js';
import { loaderFor } from '../../src/env-file/loader.js';
import { environment, named } from './corpus.js';
import type { Answer } from './real/loaders.js';

export interface Comparison {
  readonly agreed: number;
  /** names that the model leaves open, by the reason it gives */
  readonly open: Readonly<Record<string, number>>;
  /** cases that the real loader cannot be asked */
  readonly unasked: number;
  /** one line a difference */
  readonly differences: readonly string[];
}

/** The dialect in which a release reads. */
export function dialectsOf(release: string): Dialects {
  const [, major, minor, patch] = /python-dotenv (\d+)\.(\d+)\.(\d+)/.exec(release) ?? [];
  const python = Number(major) * 1e6 + Number(minor) * 1e3 + Number(patch);
  const node = Number(/Node v(\d+)/.exec(release)?.[1]);
  return { node: node < 22 ? 'classic' : 'modern', python: python > 1_002_002 ? 'newer' : 'older', docker: 'kept' };
}

/** Holds the model against what a real loader made of the same files. */
export function compare(
  loader: LoaderName,
  dialects: Dialects,
  cases: readonly string[],
  answers: readonly (Answer | undefined)[],
): Comparison {
  let agreed = 0;
  let unasked = 0;
  const open: Record<string, number> = {};
  const differences: string[] = [];
  for (const [i, text] of cases.entries()) {
    const answer = answers[i];
    if (answer === undefined) {
      unasked += 1;
      continue;
    }
    const { values, undecided, lost, steered } = modelled(loader, dialects, named(text));
    const refused = answer === null;
    const reasons = new Set(undecided.values());
    // a command that is not there makes dotenv-expand throw, and the model says that there is one
    if (refused && reasons.has('command')) {
      open.command = (open.command ?? 0) + 1;
      continue;
    }
    if (refused !== lost && (refused || Object.keys(answer).length > 0)) {
      differences.push(
        `${JSON.stringify(named(text))}: real ${JSON.stringify(answer)}, model lost=${lost} ${show(values)}`,
      );
      continue;
    }
    const real = new Map(Object.entries(answer ?? {}));
    for (const [name, why] of undecided) {
      open[why] = (open[why] ?? 0) + 1;
      real.delete(name);
      values.delete(name);
    }
    for (const [name, value] of values) {
      // the generator that stands for systemd does not print empty values
      const unprinted = value === '' && loader === 'systemd';
      if (unprinted) real.delete(name);
      if (unprinted || !visible(loader, name)) values.delete(name);
    }
    for (const name of real.keys()) {
      // what a command prints may be run, and set anything
      const unwritten = steered && !named(text).includes(`${name}=`);
      if (unwritten || !visible(loader, name)) real.delete(name);
    }
    const same = real.size === values.size && [...real].every(([name, value]) => values.get(name) === value);
    if (same) agreed += 1;
    else differences.push(`${JSON.stringify(named(text))}: real ${show(real)}, model ${show(values)}`);
  }
  return { agreed, open, unasked, differences };
}

/** Where one process reads many files, only the names that a case is written with can be told to be its own. */
function visible(loader: LoaderName, name: string): boolean {
  if (loader === 'docker' || loader === 'systemd') return name === 'K' || name === 'J';
  if (loader === 'bash') return /^[KJ]|^SET$|^EMPTY$/.test(name);
  if (loader === 'pydantic-settings') return ['k', 'j', 'set', 'empty'].includes(name);
  return true;
}

/**
 * The cases without those on which the real loader would not end; of those on which Next.js overflows its stack, which
 * takes it a while, only a few.
 */
export function askable(loader: LoaderName, dialects: Dialects, cases: readonly string[]): string[] {
  let overflows = 0;
  return cases.filter((text) => {
    const { undecided, lost } = modelled(loader, dialects, named(text));
    if (loader === 'next' && lost) return ++overflows <= 8;
    return ![...undecided.values()].includes('endless');
  });
}

function modelled(loader: LoaderName, dialects: Dialects, text: string) {
  const bytes = new TextEncoder().encode(text);
  const { text: decoded, invalidAt } = decode(bytes);
  const loaded = loaderFor(loader, dialects).load([{ path: '.env', text: decoded, invalidAt }], environment);
  const values = new Map<string, string>();
  const undecided = new Map<string, string>();
  const before = environment as Readonly<Record<string, string>>;
  for (const [name, setting] of loaded.settings) {
    if (setting.value === null) undecided.set(name, setting.undecided ?? 'nothing');
    else if ((before[name] ?? before[name.toUpperCase()]) !== setting.value.reveal())
      values.set(name, setting.value.reveal());
  }
  const lost = loaded.files.some(({ reading }) => reading.troubles.some(({ loses }) => loses === 'file'));
  const steered = loaded.files.some(({ reading }) =>
    reading.troubles.some(({ what, loses }) => what === 'runs-a-command' && loses === 'rest'),
  );
  return { values, undecided, lost, steered };
}

function show(values: ReadonlyMap<string, string>): string {
  return JSON.stringify(Object.fromEntries(values));
}
