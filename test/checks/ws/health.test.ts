import check from '../../../src/checks/ws/health.js';
import { Secret } from '../../../src/core/secret.js';
import { singleSecret } from '../../../src/token/secrets.js';
import { gifts, target, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';

const declared = { routes: { ...target().routes, health: '/health' } };
const answers = (reply: ScriptedReply) => ({ target: declared, http: { 'GET /health': reply } });
const says = (json: unknown) => answers({ status: 200, json });

describeCheck(check, {
  given: { token: gifts.token },
  passes: {
    'it says that it is well': says({ status: 'ok' }),
    'it says nothing at all': answers({ status: 204 }),
    // patterns that begin anew at each piece take hours over these
    'a megabyte of dots, in no time': answers({ status: 200, text: 'a.a.'.repeat(262_144) }),
    'a megabyte of beginnings of tokens, in no time': answers({ status: 200, text: 'eyJ-'.repeat(262_144) }),
    'a megabyte of empty lines, in no time': answers({ status: 200, text: '\n \n '.repeat(262_144) }),
    'it names its parts and their address without a password': says({
      status: 'ok',
      checks: { database: 'up', url: 'postgres://db.internal:5432/app' },
      version: '1.4.2',
    }),
  },
  reports: {
    closed: { 'it wants a token': answers({ status: 401 }), 'it is forbidden': answers({ status: 403 }) },
    unwell: { 'the database is down': answers({ status: 503, json: { status: 'down' } }) },
    missing: { 'there is no such route': answers({ status: 404 }), 'it is elsewhere': answers({ status: 302 }) },
    tells: {
      'it shows the database URL': says({ database: 'postgresql://app:hunter2@db/app' }),
      'it shows its settings': says({ env: { BETTER_AUTH_SECRET: 'x' } }),
      'it shows a token': says({ last: tokens.a }),
      'it crashes with a stack trace': answers({
        status: 500,
        text: 'Traceback (most recent call last):\n  File "main.py", line 1',
      }),
      'it crashes with a stack trace of Node': answers({
        status: 500,
        text: 'Error: x\n    at run (/srv/api.js:10:5)',
      }),
      'it names who is signed in': says({ users: ['a@example.test'] }),
      'it shows the secret itself': {
        ...says({ key: 'a-secret-that-nobody-may-see' }),
        material: {
          candidates: [{ place: 'the test', set: singleSecret(new Secret('a-secret-that-nobody-may-see')) }],
        },
      },
    },
  },
  skips: { 'no route is declared': {} },
  inconclusive: {
    'nobody answers': { target: declared, http: { 'GET /health': 'no answer' } },
  },
});
