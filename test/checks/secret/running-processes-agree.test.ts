import { createHmac } from 'node:crypto';
import check from '../../../src/checks/secret/running-processes-agree.js';
import type { HttpRequest } from '../../../src/world.js';
import { bearerOf, gifts, hs256, verifies } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { boxed, checkoutOf, sessionSignedBy } from '../../support/halves.js';

const hex = 'a3f09c5b7e1d48269f0b8c7d6e5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a';
const other = 'another-secret-of-more-than-32-characters';
const sign = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('base64');
const session = (secret: string) => sessionSignedBy(secret, sign);
const claims = { sub: 'user-a', exp: 4_102_444_800 };
const tokenBy = (secret: string) => ({ ...gifts.token, claims, jwt: boxed(hs256(claims, secret)) });
const material = checkoutOf(
  { files: { '.env.local': `BETTER_AUTH_SECRET=${hex}` }, siblings: { '.env.staging': `BETTER_AUTH_SECRET=${other}` } },
  { files: { '.env': `BETTER_AUTH_SECRET=${hex}` } },
);
/** A backend that verifies under a secret and says who it is. */
const running = (secret: string) => ({
  'GET /api/me': (request: HttpRequest) =>
    verifies(bearerOf(request) ?? '', secret) ? { status: 200, json: { id: 'user-a' } } : { status: 401 },
});

describeCheck(check, {
  given: { session: session(hex), token: tokenBy(hex) },
  passes: {
    'both run the value of the files': { material, http: running(hex) },
    'tokens are signed by a key: the frontend alone is judged': {
      material,
      given: { token: { ...tokenBy(hex), alg: 'EdDSA' } },
    },
  },
  reports: {
    'frontend-runs-a-variant': {
      'its shell cut the value': { material, given: { session: session(hex.slice(0, 32)) } },
      'it runs the secret of another environment': { material, given: { session: session(other) } },
      'it runs the public default': {
        material,
        given: { session: session('better-auth-secret-12345678901234567890') },
      },
    },
    'frontend-runs-another': { 'nothing fits': { material, given: { session: session('nobody knows where from') } } },
    'backend-runs-a-variant': {
      'a newline came with the value': { material, http: running(`${hex}\n`) },
      'it runs the public default, far down the list': {
        material: checkoutOf(
          { files: { '.env.local': `BETTER_AUTH_SECRET=${hex}` } },
          { files: { '.env': `BETTER_AUTH_SECRET=${hex}` } },
        ),
        http: running(`${hex} `),
      },
    },
    'backend-runs-another': { 'nothing fits': { material, http: running('nobody knows where from') } },
  },
  skips: {
    'there is no checkout': {},
    'no file sets it': {
      material: checkoutOf({ files: { '.env.local': 'X=1' } }, { files: { '.env': 'X=1' } }),
    },
    'the files differ, and each process runs its own': {
      material: checkoutOf(
        { files: { '.env.local': `BETTER_AUTH_SECRET=${hex}` } },
        { files: { '.env': `BETTER_AUTH_SECRET=${other}` } },
      ),
      http: running(other),
    },
  },
  inconclusive: {
    'the session cookie is not signed': {
      material,
      given: { session: gifts.session },
    },
    'the API crashes': { material, http: { 'GET /api/me': { status: 500 } } },
  },
});
