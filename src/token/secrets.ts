import type { SecretSet } from '../core/material.js';
import { plain, Secret } from '../core/secret.js';

export type { SecretSet };

/** One secret, without versions. */
export function singleSecret(secret: Secret): SecretSet {
  return { current: secret, versions: new Map(), legacy: secret };
}

/** BETTER_AUTH_SECRETS does not read as `version:secret,version:secret`. Its text never quotes the value. */
export class SecretsError extends Error {
  override readonly name = 'SecretsError';
}

/** A secret that is replaced each day lasts for years. */
const most = 1_000;

/**
 * Reads BETTER_AUTH_SECRETS: entries are trimmed, the first one is the current one. `legacy` is BETTER_AUTH_SECRET
 * beside it, which alone still opens what was written without a version.
 */
export function parseSecrets(value: Secret | string, legacy: Secret | null = null): SecretSet {
  const versions = new Map<number, Secret>();
  for (const [i, entry] of plain(value)
    .split(',', most + 1)
    .entries()) {
    if (i === most) throw new SecretsError(`BETTER_AUTH_SECRETS has more than ${most} entries`);
    const trimmed = entry.trim();
    const colon = trimmed.indexOf(':');
    if (colon === -1) throw new SecretsError(`entry ${i + 1} of BETTER_AUTH_SECRETS has no colon`);
    const version = trimmed.slice(0, colon).trim();
    const secret = trimmed.slice(colon + 1).trim();
    if (!/^\d{1,9}$/.test(version))
      throw new SecretsError(`entry ${i + 1} of BETTER_AUTH_SECRETS has no number as its version`);
    if (secret === '') throw new SecretsError(`entry ${i + 1} of BETTER_AUTH_SECRETS is empty`);
    if (versions.has(Number(version)))
      throw new SecretsError(`version ${Number(version)} is twice in BETTER_AUTH_SECRETS`);
    versions.set(Number(version), new Secret(secret));
  }
  const [current] = versions.values();
  if (current === undefined) throw new SecretsError('BETTER_AUTH_SECRETS is empty');
  return { current, versions, legacy };
}

/**
 * The secrets that a Better Auth server takes from an environment, in its own order: BETTER_AUTH_SECRETS, then
 * BETTER_AUTH_SECRET, then AUTH_SECRET, where an empty text counts as unset. Null where none is set.
 */
export function secretsOf(
  env: Readonly<Record<string, string | undefined>>,
): { readonly secrets: SecretSet; readonly name: string } | null {
  const name = (['BETTER_AUTH_SECRET', 'AUTH_SECRET'] as const).find((one) => env[one]);
  const single = name === undefined ? null : new Secret(env[name] as string);
  if (env.BETTER_AUTH_SECRETS) {
    return { secrets: parseSecrets(env.BETTER_AUTH_SECRETS, single), name: 'BETTER_AUTH_SECRETS' };
  }
  return name === undefined || single === null ? null : { secrets: singleSecret(single), name };
}
