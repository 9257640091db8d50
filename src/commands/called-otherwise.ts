import { isPrivateHost } from '../config/host.js';
import type { AnyCheck } from '../core/check.js';
import type { Consent } from '../core/plan.js';
import type { Target } from '../core/target.js';

/**
 * Whether a check must ask for consent after all, in words. An address on this machine or a private network may be the end
 * of a tunnel: the tokens say by what name the deployment goes, and one that is public counts as production, unless somebody
 * said that it is none. Known as soon as there is a token, and all that is made for another user needs one.
 */
export function calledOtherwise(
  { impact }: Pick<AnyCheck, 'impact'>,
  given: Readonly<Record<string, unknown>>,
  { production, vouched }: Pick<Target, 'production' | 'vouched'>,
  { writes, noise }: Consent,
): string | null {
  const consented = impact === 'writes' ? writes : impact === 'noisy' ? noise : true;
  if (consented || production || vouched === true) return null;
  const { token } = given as { readonly token?: { readonly claims?: { readonly iss?: unknown } } };
  const name = publicName(token?.claims?.iss);
  if (name === null) return null;
  const [does, consents] = impact === 'writes' ? ['writes', '--allow-writes'] : ['makes noise', '--allow-noisy'];
  return `it ${does}, and the deployment calls itself ${name}, which counts as production: ${consents} consents, --no-production says that it is none`;
}

/** The origin of an https: address that is not private by its spelling; null for every other issuer. */
function publicName(issuer: unknown): string | null {
  if (typeof issuer !== 'string' || !/^https:/.test(issuer) || !URL.canParse(issuer)) return null;
  const { origin, hostname } = new URL(issuer);
  return isPrivateHost(hostname) || !hostname.includes('.') ? null : origin;
}
