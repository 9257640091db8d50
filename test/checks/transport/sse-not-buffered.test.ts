import { gzipSync } from 'node:zlib';
import check from '../../../src/checks/transport/sse-not-buffered.js';
import { gifts, protectedRoute, target } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';

type Pieces = NonNullable<ScriptedReply['pieces']>;
const withStream = {
  routes: { ...target().routes, stream: { post: '/api/chat', body: {}, done: null, messages: null } },
};
const stream = (pieces: Pieces, headers: readonly (readonly [string, string])[] = [], status = 200, late = 0) => ({
  target: withStream,
  http: {
    'GET /api/me': { status: 401, late },
    'POST /api/chat': { status, headers: [['content-type', 'text/event-stream'] as const, ...headers], pieces },
  },
});
const event = (n: number) => `data: ${n}\n\n`;
const six = [1, 2, 3, 4, 5, 6];
const spaced = (first: number): Pieces => six.map((n) => [first + n * 100, event(n)]);
const atOnce = (after: number): Pieces => [[after, six.map(event).join('')]];
const zipped = gzipSync('data: 1\n\n').toString('latin1');

describeCheck(check, {
  given: { token: gifts.token, route: protectedRoute },
  passes: {
    'events come one by one': stream(spaced(0)),
    'events come in two pieces, cut anywhere': stream([
      [10, 'data: 1\n\ndata: 2\n'],
      [20, '\ndata: 3\n\ndata: 4\n\nda'],
      [30, 'ta: 5\n\n'],
    ]),
    'the first event takes three seconds': stream(spaced(3_000)),
    'nothing comes for five seconds, and for anything else no sooner': stream(spaced(4_950), [], 200, 100),
    'a heartbeat comes first': stream([[10, ': hello\n\n'], ...spaced(8_000)]),
  },
  reports: {
    buffered: {
      'all events come in one piece at the end': stream(atOnce(3_000)),
      'what is compressed comes in one piece at the end': stream([[3_000, zipped]], [['content-encoding', 'gzip']]),
    },
    'not-a-stream': { 'it is JSON': { target: withStream, http: { 'POST /api/chat': { status: 200, json: {} } } } },
    compressed: {
      'it is compressed and flushed': stream(
        [
          [10, zipped],
          [200, zipped],
        ],
        [['content-encoding', 'gzip']],
      ),
    },
    'has-a-length': { 'it says its length': stream(spaced(0), [['content-length', '54']]) },
    'slow-to-begin': { 'nothing comes for eight seconds': stream(spaced(8_000)) },
  },
  skips: {
    'no stream is declared': {},
    'three events are too few': stream([
      [0, event(1)],
      [100, event(2)],
      [200, event(3)],
    ]),
    'all of it comes in one piece, and quickly': stream(atOnce(40)),
    'all of it comes in one piece after a second in which anything takes that long': stream(
      atOnce(1_050),
      [],
      200,
      100,
    ),
    'all of it comes in one piece for who has not looked': stream([[3_000, six.map(event).join(''), 51]]),
  },
  inconclusive: { 'the stream is refused': stream(spaced(0), [], 503) },
});
