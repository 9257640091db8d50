import type { Expanded } from './expand/dotenv-expand.js';
import { expandThousand, expandVite } from './expand/dotenv-expand.js';
import { Allowance, tooLong } from './expand/longest.js';
import { unescapeDollars } from './expand/next.js';
import { interpolatePython } from './expand/python.js';
import type { Expand, Outcome } from './layers.js';
import type { Assignment, Read } from './reading.js';
import { nothing, trouble } from './reading.js';

/** Vite's loadEnv: the environment is asked first, then the files, expanded or still as written. */
export const viteExpansion: Expand = (raw, env) => {
  const file = new Map(raw);
  const result = new Map<string, Outcome>();
  const inFile = (name: string) => file.get(name);
  const allowance = new Allowance();
  for (const [name, value] of raw) {
    const expanded =
      shelled(env[name], value) ?? expandVite(value, (other) => env[other] ?? file.get(other), inFile, allowance);
    if ('value' in expanded) file.set(name, expanded.value);
    result.set(name, outcome(expanded));
  }
  return result;
};

/** `dotenvExpand.expand(dotenv.config())`: what came earlier is referred to as expanded, later names as written. */
export const dotenvExpansion: Expand = (raw, env) => {
  const result = new Map<string, Outcome>();
  const running = new Map<string, string>();
  // dotenv has put the values, as written, into the environment where they were not there
  const lookup = (name: string) => {
    const live = env[name] ?? raw.get(name);
    return running.has(name) && live === raw.get(name) ? running.get(name) : live;
  };
  const allowance = new Allowance();
  for (const [name, value] of raw) {
    const expanded = shelled(env[name], value) ?? expandThousand(value, lookup, allowance);
    if ('value' in expanded) running.set(name, expanded.value);
    result.set(name, outcome(expanded));
  }
  return result;
};

/**
 * python-dotenv with its references replaced, line by line. `load_dotenv()` asks the environment before the file,
 * `dotenv_values()` the file before the environment.
 */
export function interpolated(read: Read, first: 'environment' | 'file'): Read {
  return (text, env) => {
    const { assignments, troubles } = read(text, env);
    // load_dotenv() puts the names into the environment, which refuses these, and dies of it
    const impossible = assignments.find(({ name, value }) => value !== null && name.includes('='));
    if (first === 'environment' && impossible !== undefined) {
      return { ...nothing, troubles: [trouble(impossible.nameAt.start, 'impossible-name', 'file')] };
    }
    const known = new Map<string, string>();
    const lookup = (name: string) =>
      first === 'file' ? (known.get(name) ?? env(name)) : (env(name) ?? known.get(name));
    const allowance = new Allowance();
    const resolved = assignments.map((assignment): Assignment => {
      if (assignment.value === null) {
        known.set(assignment.name, '');
        return assignment;
      }
      const value = interpolatePython(assignment.value, lookup);
      if (value === assignment.value) {
        known.set(assignment.name, value);
        return assignment;
      }
      if (value === null || !allowance.take(value.length)) {
        known.set(assignment.name, tooLong);
        return { ...assignment, value: null, undecided: 'endless' };
      }
      known.set(assignment.name, value);
      return { ...assignment, value, expanded: true };
    });
    // a name without a value takes back what the lines above gave it
    const bare = new Set<string>();
    for (const { name, value, undecided } of resolved) {
      if (value === null && undecided !== 'endless') bare.add(name);
      else bare.delete(name);
    }
    return { assignments: resolved.filter(({ name }) => !bare.has(name)), troubles };
  };
}

function shelled(shell: string | undefined, written: string): Expanded | null {
  return shell && shell !== written ? { value: unescapeDollars(shell) } : null;
}

function outcome(expanded: Expanded): Outcome {
  if ('value' in expanded) return { value: expanded.value };
  return { value: null, undecided: expanded.undecided };
}
