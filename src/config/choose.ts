import { printable } from '../core/finding.js';
import { nearest } from '../core/nearest.js';
import type { Mistake } from './mistake.js';
import type { Parsed } from './parse.js';
import type { Sourced } from './sources.js';

/**
 * The target of the file to use: the one asked for, else `local`, else the only one. Null where the file has none, or
 * has several of which none must be guessed and `enough` says that flags and variables do without.
 */
export function choose(
  parsed: Parsed | null,
  asked: Sourced<string> | null,
  enough: boolean,
): { readonly target: string | null; readonly mistake?: Mistake } {
  const names = parsed?.targets ?? [];
  const [only, another] = names;
  if (asked !== null) {
    return names.includes(asked.value) ? { target: asked.value } : { target: null, mistake: unknown(parsed, asked) };
  }
  if (names.includes('local')) return { target: 'local' };
  if (another === undefined) return { target: only ?? null };
  if (enough) return { target: null };
  const hint = `name one with --target or LOCKSTEP_TARGET: ${listed(names)}`;
  const text = 'has several targets, and none is called local';
  return { target: null, mistake: { origin: parsed?.origin(['targets']) ?? { kind: 'default' }, text, hint } };
}

function unknown(parsed: Parsed | null, { value, origin }: Sourced<string>): Mistake {
  const text = `there is no target "${printable(value)}"`;
  if (parsed === null) return { origin, text, hint: 'no lockstep.json from here up to the repository root' };
  if (parsed.targets.length === 0) return { origin, text, hint: `${parsed.name} has no targets` };
  const near = nearest(value, parsed.targets);
  const guess = near === null ? '' : `did you mean "${printable(near)}"? `;
  return { origin, text, hint: `${guess}${parsed.name} has ${listed(parsed.targets)}` };
}

function listed(names: readonly string[]): string {
  return names.map((name) => printable(name)).join(', ');
}
