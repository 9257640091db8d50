import check from '../../../src/checks/refresh/stream-survives-token-expiry.js';
import { gifts, target } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import { mintable } from '../../support/minting.js';

const stream = { post: '/api/chat', body: { message: '{canary}' }, done: '[DONE]', messages: null };
const declared = { routes: { ...target().routes, stream } };
/** text, and how many milliseconds after the beginning; the token has 3,000 */
const says = (pieces: NonNullable<ScriptedReply['pieces']>, more: Partial<ScriptedReply> = {}) =>
  ({
    target: declared,
    material: mintable,
    http: { 'POST /api/chat': { status: 200, headers: [['content-type', 'text/event-stream']], pieces, ...more } },
  }) as const;

describeCheck(check, {
  given: { token: gifts.token },
  passes: {
    'it runs to its end': says([
      [0, 'data: a\n\n'],
      [5_000, 'data: [DONE]\n\n'],
    ]),
    'it ends with an event that says why': says([
      [0, 'data: a\n\n'],
      [3_100, 'event: error\ndata: {"code":"token_expired"}\n\n'],
    ]),
    'it ends, with an id to go on from': says([
      [0, 'id: 1\ndata: a\n\n'],
      [3_100, 'id: 2\ndata: b\n\n'],
    ]),
    'it still speaks when nobody waits any more': says([[4_000, ': beat\n\n']], { hangs: true }),
  },
  reports: {
    silent: {
      'it says nothing more and does not end': { ...says([[1_000, 'data: a\n\n']], { hangs: true }), longest: 66_000 },
    },
    'cut-off': {
      'it just ends': says([
        [0, 'data: a\n\n'],
        [3_100, 'data: b\n\n'],
      ]),
      'its connection is lost': says(
        [
          [0, 'data: a\n\n'],
          [3_100, 'data: b\n\n'],
        ],
        { cut: true },
      ),
    },
  },
  skips: {
    'no stream is declared': {},
    'no secret is known': { ...says([]), material: {} },
    'it has said all before': says([[20, 'data: a\n\ndata: [DONE]\n\n']]),
    'it is quiet, and a minute is not allowed': says([[1_000, 'data: a\n\n']], { hangs: true }),
  },
  inconclusive: {
    'a minted token is refused': {
      ...says([]),
      http: { 'POST /api/chat': { status: 401 } },
    },
  },
});
