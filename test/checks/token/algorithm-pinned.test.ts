import { createHmac } from 'node:crypto';
import check from '../../../src/checks/token/algorithm-pinned.js';
import { claimsOf, headerOf, protectedRoute, verifies } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import { bearerApi, byKeyRow, known, theSecret, tokenWith } from '../../support/verifying-api.js';

const signer = byKeyRow({});
const [jwk] = signer.published.keys;
const published: ScriptedReply = { status: 200, json: signer.published };

/** An API that trusts a published key, and takes what `also` says of the header and the whole token. */
function byKey(also: (header: Record<string, unknown>, jwt: string) => boolean | ScriptedReply = () => false) {
  const api = bearerApi((jwt) => {
    const header = headerOf(jwt);
    if (header.alg === 'EdDSA' && header.crit === undefined) return signer.verifies(jwt);
    return also(header, jwt);
  });
  return { material: signer.material, http: { ...api.http, 'GET /api/auth/jwks': published } };
}
const sealedBy = (key: string | Buffer) => byKey(({ alg }, jwt) => alg === 'HS256' && seals(jwt, key));
function seals(jwt: string, key: string | Buffer): boolean {
  const input = jwt.slice(0, jwt.lastIndexOf('.'));
  return jwt === `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
}
const pem = String(signer.publicKey.export({ type: 'spki', format: 'pem' }));
const bySecret = (also: (header: Record<string, unknown>, jwt: string) => boolean) => ({
  ...bearerApi((jwt) => (verifies(jwt, theSecret) && headerOf(jwt).crit === undefined) || also(headerOf(jwt), jwt)),
  given: { token: tokenWith({}) },
  material: known,
});

describeCheck(check, {
  given: { token: signer.token, route: protectedRoute },
  passes: {
    'its algorithm is pinned': byKey(),
    'its algorithm is pinned to that of a secret': bySecret(() => false),
    'no key set is published': { ...byKey(), http: { ...byKey().http, 'GET /api/auth/jwks': { status: 404 } } },
    'nothing can be minted': { ...byKey(({ crit }) => crit !== undefined), material: {} },
  },
  reports: {
    accepted: {
      'it takes alg none': byKey(({ alg }) => alg === 'none'),
      'it takes alg none in another case': byKey(({ alg }) => alg === 'nOnE'),
      'it takes two parts without a signature': byKey((_, jwt) => jwt.split('.').length === 2),
      'it seals with the text of x': sealedBy(jwk?.x ?? ''),
      'it seals with the bytes of x': sealedBy(Buffer.from(jwk?.x ?? '', 'base64url')),
      'it seals with PEM': sealedBy(pem),
      'it seals with PEM as an env file has it': sealedBy(pem.trimEnd()),
      'it seals with DER': sealedBy(signer.publicKey.export({ type: 'spki', format: 'der' })),
      'it seals with the JWK': sealedBy(JSON.stringify(jwk)),
      'its secret is empty': sealedBy(''),
      'it passes over crit': byKey(({ crit }, jwt) => crit !== undefined && signer.verifies(jwt)),
      'it takes alg none under a secret': bySecret(({ alg }) => alg === 'None'),
      'its secret is unset': bySecret((_, jwt) => seals(jwt, '')),
      'it passes over crit under a secret': bySecret((_, jwt) => verifies(jwt, theSecret)),
    },
    crashed: { 'a strange algorithm ends in 500': byKey(({ alg }) => alg === 'HS256' && { status: 500 }) },
  },
  skips: {
    'the route answers everybody': {
      ...bearerApi(() => ({ status: 200, json: claimsOf('') })),
      material: {},
      given: { token: tokenWith({}) },
    },
  },
  inconclusive: {
    'the good token is refused afterwards': {
      http: { ...bearerApi(() => false).http, 'GET /api/auth/jwks': published },
    },
  },
});
