import check from '../../../src/checks/token/accepted-by-api.js';
import { bearerOf, gifts, target } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';

const unauthorized = { status: 401, json: { error: 'invalid_token' } };
const withToken = (reply: ScriptedReply) => ({
  http: {
    'GET /api/me': (request: Parameters<typeof bearerOf>[0]) => (bearerOf(request) === null ? unauthorized : reply),
  },
});
const assumed = { routes: { ...target().routes, me: { value: { get: '/api/me', identity: null }, declared: false } } };

describeCheck(check, {
  given: { token: gifts.token },
  passes: {
    'the API knows the signer': withToken({ status: 200, json: { id: 'user-a' } }),
    'an undeclared route names the user in one of the usual places': {
      ...withToken({ status: 200, json: { user: { id: 'user-a' } } }),
      target: assumed,
    },
  },
  reports: {
    refused: { 'the API trusts another key': withToken(unauthorized), 'it answers 403': withToken({ status: 403 }) },
    crashed: { 'its secret is unset': withToken({ status: 500 }) },
    'not-json': {
      'a page answers': withToken({ status: 200, text: '<html>' }),
      'it is redirected': withToken({ status: 302, headers: [['location', 'https://login.test/']] }),
    },
    'wrong-person': { 'the API reads the wrong claim': withToken({ status: 200, json: { id: 'user-b' } }) },
    'nobody-named': { 'the answer has no id': withToken({ status: 200, json: { ok: true } }) },
    'open-to-all': {
      'the route ignores the token': { http: { 'GET /api/me': { status: 200, json: { id: 'user-a' } } } },
    },
  },
  skips: {
    'an assumed route is a page': { ...withToken({ status: 200, text: '<html>' }), target: assumed },
    'an assumed place holds another id': { ...withToken({ status: 200, json: { id: 42 } }), target: assumed },
    'no assumed place holds an id': { ...withToken({ status: 200, json: { ok: true } }), target: assumed },
    'there is no API': { target: { api: null } },
    'an assumed route is not there': {
      ...withToken({ status: 404 }),
      target: assumed,
    },
  },
  inconclusive: {
    'nobody answers': { http: { 'GET /api/me': 'no answer' } },
    'the declared route is not there': withToken({ status: 404 }),
    'the declared route takes another method': withToken({ status: 405 }),
  },
});
