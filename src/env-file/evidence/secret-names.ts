import type { Half } from '../halves/service.js';
import { usualSecret } from '../halves/shared-secret.js';

/** Where Better Auth itself looks. */
export const betterAuthNames = ['BETTER_AUTH_SECRETS', usualSecret, 'AUTH_SECRET'];

/** Entries of a list that are looked at; more than any list has. */
const most = 500;

/** Those of the names that may be a secret of this pair. */
export function secretNames(names: readonly string[], half: Half | undefined): string[] {
  const own = half?.service.names.secret ?? null;
  return names.filter((name) => {
    const upper = name.toUpperCase();
    // what stands left of a = may be the rest of a secret
    if (!/^[A-Z_][A-Z0-9_]{0,63}$/.test(upper)) return false;
    if (name === own || betterAuthNames.includes(upper)) return true;
    return /SECRET|(JWT|AUTH|SIGNING|SESSION)_?KEY/.test(upper) && !/URL|PATH|FILE|CLIENT|_ID$/.test(upper);
  });
}

/** A list of versions is as many secrets as it has entries, by their names. */
export function entries(name: string, value: string): [name: string, text: string][] {
  if (name.toUpperCase() !== 'BETTER_AUTH_SECRETS') return [[name, value]];
  return value.split(',', most + 1).flatMap((entry): [string, string][] => {
    const [, version, text] = /^\s*(\d+)\s*:(.*)$/s.exec(entry) ?? [];
    return version === undefined || text === undefined ? [] : [[`version ${version} of ${name}`, text.trim()]];
  });
}
