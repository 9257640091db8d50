import type { Secret } from '../../core/secret.js';
import type { VariantContext } from '../variants.js';
import { variants } from '../variants.js';
import type { Side } from './service.js';

/** How two values that differ come from each other: `mangled` has the value of the other, changed as `name` says. */
export interface Relation {
  readonly mangled: Side;
  readonly name: string;
}

/** The change that turns one value into the other, or null where none that is known does. */
export function relation(
  frontend: Secret,
  backend: Secret,
  contexts: Readonly<Record<Side, VariantContext>>,
): Relation | null {
  const forth = one(frontend, backend, contexts.frontend, 'backend');
  const back = one(backend, frontend, contexts.backend, 'frontend');
  // most changes can be told both ways round: the value that looks like one that was made is the one that was changed
  return (looksMade(frontend) || back === null ? forth : null) ?? back ?? forth;
}

/** The relation as a clause: `the backend holds the frontend's value with a trailing newline`. */
export function clause({ mangled, name }: Relation): string {
  const other = mangled === 'frontend' ? 'backend' : 'frontend';
  if (name.startsWith('its ')) return `the ${mangled} holds the ${other}'s ${name.slice('its '.length)}`;
  if (/^(the|an) |^Better/.test(name)) return `the ${mangled} holds ${name}`;
  return `the ${mangled} holds the ${other}'s value ${name}`;
}

function looksMade(value: Secret): boolean {
  return /^[A-Za-z0-9+/_=-]+$/.test(value.reveal());
}

function one(whole: Secret, other: Secret, context: VariantContext, mangled: Side): Relation | null {
  for (const { name, text } of variants(whole, context)) if (text?.equals(other)) return { mangled, name };
  return null;
}
