import check from '../../../src/checks/config/clock-skew.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';

const now = Date.UTC(2026, 10, 21, 12);
/** An answer of a server whose clock is so many seconds ahead; a Date header has whole seconds. */
const clock = (seconds: number, more: readonly (readonly [string, string])[] = []): ScriptedReply => ({
  status: 401,
  headers: [['date', new Date(Math.floor((now + seconds * 1000) / 1000) * 1000).toUTCString()], ...more],
});
const clocks = (auth: ScriptedReply, api: ScriptedReply) => ({
  http: { 'GET /api/auth/get-session': auth, 'GET /api/me': api },
});

describeCheck(check, {
  passes: {
    'both go right': clocks(clock(0), clock(0)),
    'ours is wrong, and theirs go alike': clocks(clock(-3_600), clock(-3_600)),
    'they are a second apart': clocks(clock(0), clock(1)),
    'they are two seconds apart, which whole seconds cannot prove': clocks(clock(0), clock(2)),
  },
  reports: {
    apart: {
      'the API is ten minutes behind': clocks(clock(0), clock(-600)),
      'the API is half a minute ahead': clocks(clock(0), clock(31)),
    },
    'a-little-apart': { 'the API is five seconds ahead': clocks(clock(0), clock(5)) },
  },
  skips: { 'there is no API': { target: { api: null } } },
  inconclusive: {
    'a cache answers': clocks(clock(0), clock(-600, [['age', '600']])),
    'an answer has no Date': clocks({ status: 200 }, clock(0)),
    'nobody answers': { http: { 'GET /api/auth/get-session': 'no answer', 'GET /api/me': 'no answer' } },
  },
});
