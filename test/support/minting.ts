import { Secret } from '../../src/core/secret.js';
import { singleSecret } from '../../src/token/secrets.js';
import { claimsOf, verifies } from './deployment.js';

/** The secret that signs the tokens of the specifications. */
export const signingSecret = 'the-secret-of-the-tests';

/** Material by which a check can mint tokens that are rightly signed. */
export const mintable = { candidates: [{ place: 'the test', set: singleSecret(new Secret(signingSecret)) }] };

/** Seconds since the epoch in a fake world. */
export const testTime = Date.UTC(2026, 10, 21, 12) / 1000;

/** Whether a token is rightly signed and not expired, as a server that looks at both sees it. */
export function isGood(jwt: string): boolean {
  return verifies(jwt, signingSecret) && Number(claimsOf(jwt).exp) > testTime;
}
