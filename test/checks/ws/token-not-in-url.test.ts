import check from '../../../src/checks/ws/token-not-in-url.js';
import { Secret } from '../../../src/core/secret.js';
import { gifts, hs256, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { signingSecret, testTime } from '../../support/minting.js';
import { byMessage, control, socketRoutes } from '../../support/sockets.js';

const log = (text: string) => ({
  material: {
    accessLog: async (wanted: string) => ({
      path: '/var/log/nginx/access.log',
      times: text.split(wanted).length - 1,
    }),
  },
});
const claims = { sub: 'user-a', exp: testTime + 60 };
const ticket = { ...gifts.token, jwt: new Secret(hs256(claims, signingSecret)), claims };

describeCheck(check, {
  given: { token: gifts.token, control },
  passes: {
    'the token comes in the first message': { target: { ...socketRoutes(byMessage), production: true } },
    'it is a ticket for a minute': { target: { production: true }, given: { token: ticket } },
    'the log has paths only': log('127.0.0.1 - - "GET /api/ws" 101\n'),
    'the log has the token of somebody else': log(`127.0.0.1 - - "GET /api/ws?token=${tokens.b}" 101\n`),
  },
  reports: {
    'in-log': {
      'the log has the query': log(`127.0.0.1 - - "GET /api/ws?token=${tokens.a}" 101\n`),
      'the log has the end of it': log(`token=...${tokens.a.split('.')[2]}\n`),
    },
    'long-lived': { 'proxies stand on the way': { target: { production: true } } },
  },
  skips: { 'nothing is known of any log': {} },
});
