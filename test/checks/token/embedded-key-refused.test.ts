import { createHmac, createPublicKey, type JsonWebKey, verify, X509Certificate } from 'node:crypto';
import check from '../../../src/checks/token/embedded-key-refused.js';
import { gifts, headerOf, protectedRoute, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import { bearerApi } from '../../support/verifying-api.js';

const local = { target: { api: 'http://localhost:8000' } };
const api = (takes: (header: Record<string, unknown>, jwt: string) => boolean | ScriptedReply) => ({
  ...bearerApi((jwt) => jwt === tokens.a || takes(headerOf(jwt), jwt)),
  ...local,
});
const parts = (jwt: string) => {
  const at = jwt.lastIndexOf('.');
  return [Buffer.from(jwt.slice(0, at)), Buffer.from(jwt.slice(at + 1), 'base64url')] as const;
};
/** whether the token is really signed by the key that it brings */
const signedBy = (jwt: string, key: Parameters<typeof verify>[2]) => verify(null, parts(jwt)[0], key, parts(jwt)[1]);
const byJwk = ({ jwk }: Record<string, unknown>, jwt: string) => {
  const key = jwk as JsonWebKey | undefined;
  return key?.kty === 'OKP' && signedBy(jwt, createPublicKey({ key, format: 'jwk' }));
};

describeCheck(check, {
  given: { token: gifts.token, route: protectedRoute },
  passes: {
    'it knows its own keys only': api(() => false),
    'it is elsewhere, where nothing can be listened for': { ...api(() => false), target: {}, net: { hits: 3 } },
  },
  reports: {
    accepted: {
      'it verifies with jwk': api(byJwk),
      'it verifies with jwk where it knows the name': api(
        (header, jwt) => header.kid === 'lockstep' && byJwk(header, jwt),
      ),
      'it verifies with a secret in jwk': api(({ jwk }, jwt) => {
        const { k, kty } = (jwk ?? {}) as { k?: string; kty?: string };
        if (kty !== 'oct') return false;
        const [input, seal] = parts(jwt);
        return createHmac('sha256', Buffer.from(k ?? '', 'base64url'))
          .update(input)
          .digest()
          .equals(seal);
      }),
      'it verifies with x5c': api(({ x5c }, jwt) => {
        const [certificate] = (x5c ?? []) as string[];
        if (certificate === undefined) return false;
        const read = new X509Certificate(Buffer.from(certificate, 'base64'));
        return read.verify(read.publicKey) && signedBy(jwt, read.publicKey);
      }),
      'it believes in jku': api(({ jku }) => jku === 'http://127.0.0.1:9/'),
    },
    fetched: { 'it fetches what a forger names, and refuses then': { ...api(() => false), net: { hits: 1 } } },
    crashed: { 'a key in the header ends in 500': api(({ jwk }) => jwk !== undefined && { status: 500 }) },
  },
  skips: { 'the route answers everybody': { ...bearerApi(() => ({ status: 200, json: {} })), ...local } },
  inconclusive: { 'the good token is refused afterwards': { ...bearerApi(() => false), ...local } },
});
