import check from '../../../src/checks/transport/redirects-keep-credentials-home.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';

const usual: Script = {
  'GET /api/auth/get-session': { status: 200, json: null },
  'GET /api/auth/token': { status: 401 },
  'GET /api/auth/jwks': { status: 200, json: { keys: [] } },
  'GET /api/me': { status: 401 },
  'GET /api/tasks': { status: 401 },
  'GET /api/ws': { status: 426 },
};
const to = (location: string, status = 308): ScriptedReply => ({ status, headers: [['location', location]] });
const silent = Object.fromEntries(Object.keys(usual).map((line) => [line, 'no answer' as const]));

describeCheck(check, {
  passes: {
    'nothing is sent on': { http: usual },
    'a 304 has no place to go to': { http: { ...usual, 'GET /api/me': { status: 304 } } },
    'one part does not answer': { http: { ...usual, 'GET /api/tasks': 'no answer' } },
  },
  reports: {
    'sent-abroad': {
      'the API is at www': { http: { ...usual, 'GET /api/me': to('http://www.api.test/api/me') } },
      'the port changes': { http: { ...usual, 'GET /api/auth/token': to('http://auth.test:8080/api/auth/token') } },
      'the scheme changes': { http: { ...usual, 'GET /api/ws': to('https://api.test/api/ws') } },
      'the address says no scheme': { http: { ...usual, 'GET /api/tasks': to('//evil.test/api/tasks') } },
    },
    'sent-on': {
      'a slash is added': { http: { ...usual, 'GET /api/tasks': to('/api/tasks/') } },
      'one logs in on a page of the same origin': { http: { ...usual, 'GET /api/me': to('/login', 302) } },
    },
  },
  inconclusive: { 'nobody answers': { http: silent } },
});
