import check from '../../../src/checks/config/urls-agree.js';
import { singleSecret } from '../../../src/token/secrets.js';
import type { HttpRequest } from '../../../src/world.js';
import { bearerOf, claimsOf, gifts, hs256, verifies } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { boxed, checkoutOf } from '../../support/halves.js';

const secret = 'the-secret-of-the-tests';
const issuer = 'http://auth.test';
const claims = { sub: 'user-a', iss: issuer, aud: issuer, exp: 4_102_444_800 };
const token = { ...gifts.token, claims, jwt: boxed(hs256(claims, secret)) };
const candidates = [{ place: 'the test', set: singleSecret(boxed(secret)) }];
/** An API that verifies and expects one issuer. */
const expecting = (expected: string) => ({
  'GET /api/me': (request: HttpRequest) => {
    const jwt = bearerOf(request) ?? '';
    return { status: verifies(jwt, secret) && claimsOf(jwt).iss === expected ? 200 : 401 };
  },
});
const crashesOverTokens = {
  'GET /api/me': (request: HttpRequest) => ({ status: bearerOf(request) === null ? 401 : 503 }),
};
const files = (frontend: string, backend: string) =>
  checkoutOf(
    { files: { '.env.local': `BETTER_AUTH_URL=${frontend}` } },
    { files: { '.env': `BETTER_AUTH_URL=${backend}` } },
    { candidates },
  );

describeCheck(check, {
  given: { token },
  passes: {
    'the API takes the token, and there are no files': { http: expecting(issuer) },
    'the backend reaches the auth server by another name of its own network': {
      http: expecting(issuer),
      material: files(issuer, 'http://web:3000'),
    },
    'the files say the same': { http: expecting(issuer), material: files(issuer, issuer) },
  },
  reports: {
    'expects-another-issuer': {
      'the API expects a slash': { http: expecting(`${issuer}/`), material: { candidates } },
      'the API expects the base path': { http: expecting(`${issuer}/api/auth`), material: { candidates } },
      'the API still expects the address of the file': {
        http: expecting('http://localhost:3000'),
        material: files(issuer, 'http://localhost:3000/'),
      },
    },
    'files-differ': {
      'the API refuses, and no key is known': {
        http: { 'GET /api/me': { status: 401 } },
        material: { ...files(issuer, 'http://localhost:3000'), candidates: [] },
      },
      'the API cannot fetch keys from there, and crashes over every token': {
        http: crashesOverTokens,
        material: files(issuer, 'http://localhost:3000'),
      },
    },
    'spelled-differently': {
      'a slash makes the difference': { http: expecting(issuer), material: files(issuer, `${issuer}/`) },
    },
  },
  skips: {
    'the API crashes over every token, and means the same address': {
      http: crashesOverTokens,
      material: files(issuer, issuer),
    },
    'the API is in trouble of its own': {
      http: { 'GET /api/me': { status: 503 } },
      material: { ...files(issuer, 'http://localhost:3000'), candidates: [] },
    },
    'there is no API': { target: { api: null } },
    'the API refuses for another reason': { http: { 'GET /api/me': { status: 401 } }, material: { candidates } },
  },
});
