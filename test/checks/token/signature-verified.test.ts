import check from '../../../src/checks/token/signature-verified.js';
import type { Reply } from '../../../src/core/reply.js';
import { bearerOf, gifts, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';

const me = { id: 'user-a' };
const reply = (status: number, json: unknown): Reply => ({
  method: 'GET',
  url: 'http://api.test/api/me',
  status,
  headers: [['content-type', 'application/json']],
  text: JSON.stringify(json),
  json,
  ms: 1,
});
const anonymous = { error: 'no token' };
const route = { path: '/api/me', control: reply(200, me), anonymous: reply(401, anonymous), names: gifts.token.names };

/** An API that answers the good token, and everything else as `otherwise` says. */
const api = (otherwise: (jwt: string) => ScriptedReply, good: ScriptedReply = { status: 200, json: me }) => ({
  http: {
    'GET /api/me': (request: Parameters<typeof bearerOf>[0]) => {
      const jwt = bearerOf(request) ?? '';
      return jwt === tokens.a ? good : otherwise(jwt);
    },
  },
});
const refuses: ScriptedReply = { status: 401, json: anonymous };
const [head, payload, signature] = tokens.a.split('.');

describeCheck(check, {
  given: { token: gifts.token, route },
  passes: {
    'each forgery is answered 401': api(() => refuses),
    'each forgery is answered 403': api(() => ({ status: 403 })),
  },
  reports: {
    accepted: {
      'it only decodes': api(() => ({ status: 200, json: me })),
      'it takes an empty signature': api((jwt) => (jwt.endsWith('.') ? { status: 200, json: me } : refuses)),
      'it compares a prefix of the signature': api((jwt) =>
        jwt.startsWith(`${head}.${payload}.${signature?.slice(0, 20)}`) ? { status: 200, json: me } : refuses,
      ),
      'it reads the user out of an unverified payload': api((jwt) =>
        jwt.endsWith(`.${signature}`) ? { status: 200, json: { id: subjectOf(jwt) } } : refuses,
      ),
      'it takes any key': api((jwt) =>
        jwt.startsWith(`${head}.${payload}.`) && jwt.length === tokens.a.length ? { status: 200, json: me } : refuses,
      ),
    },
    crashed: { 'a forgery ends in 500': api(() => ({ status: 500 })) },
  },
  skips: {
    'the route answers everybody in its own words': {
      http: { 'GET /api/me': (_, times) => ({ status: 200, json: { id: null, n: times } }) },
    },
  },
  inconclusive: {
    'the good token is refused afterwards': api(() => refuses, refuses),
    'a forgery is answered with a redirect': api(() => ({ status: 302 })),
  },
});

function subjectOf(jwt: string): string {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()).sub;
}
