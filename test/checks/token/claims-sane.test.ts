import check from '../../../src/checks/token/claims-sane.js';
import { farFuture, gifts } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { tokenWith } from '../../support/verifying-api.js';

const says = (claims: Readonly<Record<string, unknown>>, userId?: string) => ({
  given: { token: tokenWith({ exp: farFuture, ...claims }, userId) },
});
const iss = 'http://auth.test';
const local = { auth: 'http://localhost:3000/api/auth', origin: 'http://localhost:3000', api: 'http://localhost:8000' };

describeCheck(check, {
  given: { session: gifts.session, token: tokenWith({}) },
  passes: {
    'it says for whom, from whom and until when': says({ iss, aud: 'http://api.test', iat: 1 }),
    'it has no iss and no aud, as those of a shared secret often': says({}),
    'its issuer is a name and not an address': says({ iss: 'my-app', aud: 'my-api' }),
    'its audiences are all of this deployment': says({
      iss,
      aud: ['http://api.test', 'http://auth.test/userinfo', 'my-api'],
    }),
    'its only audience is elsewhere, which only the API can know': says({ aud: 'https://api.elsewhere.example' }),
    'its issuer is this machine by another name': { ...says({ iss: 'http://127.0.0.1:3000' }), target: local },
    'its issuer is public and its address internal': says({ iss: 'https://app.example.com' }),
  },
  reports: {
    'no-exp': { 'it never ends': { given: { token: tokenWith({}) } } },
    'not-a-number': {
      'exp is a text': says({ exp: String(farFuture) }),
      'iat is a date': says({ iat: '2026-11-21T12:00:00Z' }),
    },
    'for-others': {
      'another product may use it': says({ iss, aud: ['http://api.test', 'https://elsewhere.example'] }),
    },
    'issuer-elsewhere': {
      'a public deployment calls itself localhost': says({ iss: 'http://localhost:3000' }),
      'it names another port of this machine': { ...says({ iss: 'http://localhost:3001' }), target: local },
    },
    'subject-is-address': { 'sub is the e-mail': says({ sub: 'a@example.test' }, 'a@example.test') },
    'audience-is-issuer': { 'it is that of stock Better Auth': says({ iss, aud: iss }) },
  },
});
