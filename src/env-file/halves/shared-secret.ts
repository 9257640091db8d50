import { Secret } from '../../core/secret.js';
import { publicDefault } from '../variants.js';
import type { Half, Held, Read } from './service.js';
import { held } from './service.js';

/** The name under which Better Auth looks for its secret, and under which a backend does unless it says otherwise. */
export const usualSecret = 'BETTER_AUTH_SECRET';

/**
 * The secret that a half works with. The frontend's is found as Better Auth finds it: the first entry of
 * BETTER_AUTH_SECRETS, BETTER_AUTH_SECRET, AUTH_SECRET, where an empty one falls through.
 */
export function sharedSecret(half: Read): Held | null {
  const { side, names } = half.service;
  if (side === 'backend' || names.secret !== null) return held(half, names.secret ?? usualSecret);
  const versioned = held(half, 'BETTER_AUTH_SECRETS');
  const first = versioned?.value == null ? null : firstEntry(versioned.value.reveal());
  if (versioned !== null && first !== null) return { ...versioned, value: new Secret(first) };
  const [secret, fallback] = [held(half, usualSecret), held(half, 'AUTH_SECRET')];
  return filled(secret) ? secret : filled(fallback) ? fallback : secret;
}

/** Not set, or empty: Better Auth then takes the default that everybody knows. */
export function defaulted(half: Half, secret: Held | null): boolean {
  if (half.service.side !== 'frontend') return false;
  return secret === null || secret.value?.reveal() === '' || secret.value?.reveal() === publicDefault;
}

function filled(candidate: Held | null): candidate is Held {
  return candidate !== null && candidate.value?.reveal() !== '';
}

/** `2:new,1:old` -> `new`; null where it is no such list */
function firstEntry(list: string): string | null {
  const [first = ''] = list.split(',');
  const colon = first.indexOf(':');
  const value = colon === -1 ? '' : first.slice(colon + 1).trim();
  return value === '' ? null : value;
}
