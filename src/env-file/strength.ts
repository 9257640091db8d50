import type { Secret } from '../core/secret.js';
import { publicDefault } from './variants.js';

export type Weakness = 'public-default' | 'placeholder' | 'short' | 'low-entropy';

/** Better Auth warns below this many characters. */
const fewest = 32;
/** Better Auth warns below this many bits of its own estimate. */
const leastBits = 120;

/**
 * The short words end at a boundary: one random secret of base64 in a million begins with the four letters of `todo` in
 * some case. Of the longer ones that are open at the end, one in a hundred million or fewer does.
 */
const placeholders =
  /^(?:<.*>|\[.*\]|\{\{.*\}\}|x{3,}|\.{3,}|\*{3,}|(?:your|my|some|the|a|an)?[-_ ]?(?:super[-_ ]?|very[-_ ]?|shared[-_ ]?|same[-_ ]?|generated[-_ ]?|random[-_ ]?|better[-_ ]?auth[-_ ]?|jwt[-_ ]?|auth[-_ ]?)*(?:secret|password|key|token|value)(?:[-_ ]?(?:key|value|string|token))*(?:[-_ ]?(?:here|goes[-_ ]?here|in[-_ ]?production))*(?:[-_ ]?min(?:imum)?[-_ ]?\d+[-_ ]?char(?:acter)?s?.*)?|change[-_ ]?(?:me|this|it).*|replace[-_ ]?(?:me|this|with).*|todo(?:[^a-z0-9].*)?|example.*|placeholder.*|insert[-_ ].*|your[-_ ].*|paste[-_ ].*|generate[-_ ].*|openssl rand.*|test|secret|password|changeit|dummy(?:[-_ \d].*)?|foo|bar)$/i;

/**
 * Each placeholder has one of these. To look for them costs nothing; to compile the expression, which a good secret never
 * needs, takes a quarter of a start of Node.
 */
const telling =
  '< [ {{ xxx ... *** secret password key token value change replace todo example placeholder insert your paste generate openssl test dummy foo bar'.split(
    ' ',
  );

/** What is wrong with a secret as such, worst first; null where nothing is. */
export function weakness(secret: Secret): Weakness | null {
  const value = secret.reveal();
  if (value === '' || value === publicDefault) return 'public-default';
  if (isPlaceholder(value.trim())) return 'placeholder';
  if (value.length < fewest) return 'short';
  return estimatedBits(value) < leastBits ? 'low-entropy' : null;
}

function isPlaceholder(value: string): boolean {
  const lower = value.toLowerCase();
  return telling.some((part) => lower.includes(part)) && placeholders.test(value);
}

/** As Better Auth estimates it: length times the binary logarithm of the number of different characters. */
export function estimatedBits(value: string): number {
  const different = new Set<number>();
  for (let at = 0; at < value.length; at++) {
    const character = value.codePointAt(at) as number;
    different.add(character);
    if (character > 0xffff) at += 1;
  }
  return value.length * Math.log2(Math.max(1, different.size));
}
