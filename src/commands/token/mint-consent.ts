import { refused } from '../../core/errors.js';
import type { Target } from '../../core/target.js';
import { durationWords } from '../../token/duration.js';

/** Longer than any token of Better Auth should live; in seconds. */
const longest = 24 * 3600;

/** Refuses a token that lives long, or one for a production target, unless the user said so. */
export function consentToMint(
  { yes, confirm }: { readonly yes?: boolean; readonly confirm?: string },
  ttl: number,
  target: Target | null,
): void {
  if (ttl > longest && yes !== true) {
    throw refused(
      'long-lived',
      `a token that lives ${Number.isFinite(ttl) ? durationWords(ttl) : 'for ever'} cannot be taken back`,
      'say --yes; without that a token lives at most 24h',
    );
  }
  if (target?.production === true && confirm !== target.name) {
    const hint = `say --confirm ${target.name}`;
    throw refused('production', `${target.name} is a production target, and the token would be good there`, hint);
  }
}
