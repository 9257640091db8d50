import { took } from '../../core/evidence/backend.js';
import type { Evidence } from '../../core/evidence/evidence.js';
import type { Observation, ObservationKind } from '../../core/observation.js';

/** What the source trees say of one kind. */
export function seen(evidence: Evidence, kind: ObservationKind, side?: Observation['side']): Observation[] {
  return (evidence.observations ?? []).filter(
    (each) => each.kind === kind && (side === undefined || each.side === side),
  );
}

/** `backend/app/auth.py:12:5` */
export function at({ path, line, column }: Observation): string {
  return `${path}:${line}:${column}`;
}

/** What stands there and what it means, as a sentence of evidence. */
export function shown(observation: Observation): string {
  return `${at(observation)}: \`${observation.excerpt}\`: ${observation.means}`;
}

/** The running backend takes the token of the running frontend: then the sources cannot be out of step in that. */
export function works({ backend }: Evidence): boolean {
  return backend !== undefined && took(backend.token, backend);
}

/** The call of betterAuth() whose jwt plugin surely makes the tokens, where there is one. */
export function pluginThatSigns(evidence: Evidence): Observation | null {
  const instances = seen(evidence, 'auth.instance');
  const [only] = instances;
  if (only === undefined || instances.length > 1 || signedByFrontend(evidence).length > 0) return null;
  if (seen(evidence, 'jwt.algorithm-unsupported').length > 0) return null;
  const { jwt, signs, cookieToken } = only.data;
  return jwt === 'yes' && signs === 'plugin' && cookieToken === 'no' ? only : null;
}

/** Where the frontend signs tokens itself. */
export function signedByFrontend(evidence: Evidence): Observation[] {
  return seen(evidence, 'token.signed', 'frontend');
}

/** A key of this name is that of webhooks, mails, invitations: not of the tokens of users. */
const ofUsers = /AUTH|JWT|TOKEN|SESSION|ACCESS|^(APP_)?SECRET(_KEY)?$/;
const ofOthers = /HOOK|STRIPE|RESET|INVIT|MAIL|CSRF|GITHUB|INTERNAL|SERVICE|REFRESH|SUPABASE|CLERK|AUTH0|OAUTH/;
const ourAddress = /auth|frontend|issuer|base_url|^localhost$|^127\.0\.0\.1$/i;
const otherAddress = /auth0|oauth|oidc|supabase|clerk|cognito|google|azure|keycloak|firebase/i;

/** Addresses of keys that are plainly those of the Better Auth of this checkout, and not of another provider. */
export function ourKeys(evidence: Evidence): Observation[] {
  return seen(evidence, 'jwks.url', 'backend').filter(({ data: { from, path } }) => {
    const where = String(from);
    return !otherAddress.test(where) && (ourAddress.test(where) || String(path).includes('/api/auth/'));
  });
}

/** Where the backend verifies the tokens of this frontend, as far as keys tell: other providers have tokens, too. */
export function verifiedByBackend(evidence: Evidence): Observation[] {
  const byOurKeys = ourKeys(evidence).length > 0;
  return seen(evidence, 'verify.call', 'backend').filter(({ data: { key, keyName } }) => {
    if (key !== 'secret') return byOurKeys;
    return typeof keyName !== 'string' || (ofUsers.test(keyName) && !ofOthers.test(keyName));
  });
}

/** What each verification of the backend pins; null where one of them cannot be known, or there is none. */
export function pinnedByBackend(
  evidence: Evidence,
): { readonly call: Observation; readonly algorithms: readonly string[] }[] | null {
  const calls = verifiedByBackend(evidence).map((call) => ({
    call,
    algorithms: String(call.data.algorithms).split(', '),
  }));
  const open = calls.some(({ algorithms }) => algorithms.includes('unknown') || algorithms.includes('unpinned'));
  return calls.length === 0 || open ? null : calls;
}
