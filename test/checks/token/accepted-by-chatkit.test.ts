import check from '../../../src/checks/token/accepted-by-chatkit.js';
import type { HttpRequest } from '../../../src/world.js';
import { bearerOf, gifts, protectedRoute, target, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';

const declared = { routes: { ...target().routes, chatkit: '/chatkit' } };
const item = { id: 'msg_2', type: 'assistant_message', content: [{ type: 'output_text', text: 'hello' }] };
const events = {
  created: { type: 'thread.created', thread: { id: 'thr_1' } },
  question: { type: 'thread.item.done', item: { id: 'msg_1', type: 'user_message', content: [] } },
  begun: { type: 'thread.item.added', item: { ...item, content: [] } },
  done: { type: 'thread.item.done', item },
};
const stream = (...said: object[]): ScriptedReply => ({
  status: 200,
  headers: [['content-type', 'text/event-stream; charset=utf-8']],
  pieces: said.map((event, n) => [n, `data: ${JSON.stringify(event)}\n\n`]),
});
const whole = stream(events.created, events.question, events.begun, events.done);
const missing: ScriptedReply = { status: 401, text: 'Authentication Token Missing' };

const typeOf = ({ body }: HttpRequest) => JSON.parse(body ?? '{}').type as string;
const server = (answer: ScriptedReply, { guarded = true, removed = 200 } = {}) => ({
  target: declared,
  http: {
    'GET /api/auth/token': { status: 200, json: { token: tokens.a } },
    'POST /chatkit': (request: HttpRequest): ScriptedReply => {
      const known = bearerOf(request) === tokens.a;
      if (typeOf(request) === 'threads.list') return known || !guarded ? { status: 200, json: { data: [] } } : missing;
      if (typeOf(request) === 'threads.delete') return { status: removed };
      return answer;
    },
  } satisfies Script,
});

/** One that lists threads, answers one message, and is not there any more. */
function leaves(answer: ScriptedReply | 'no answer') {
  let there = true;
  const { target, http } = server(whole);
  const script = {
    ...http,
    'POST /chatkit': (request: HttpRequest) => {
      if (!there) return 'no answer' as const;
      if (typeOf(request) !== 'threads.create') return http['POST /chatkit'](request);
      there = false;
      return answer;
    },
  } satisfies Script;
  return { target, http: script };
}

describeCheck(check, {
  given: { session: gifts.session, token: gifts.token, route: protectedRoute },
  passes: {
    'it answers a message': server(whole),
    'it cannot remove threads': server(whole, { removed: 422 }),
  },
  reports: {
    refused: {
      'it says that the token is missing': server(missing),
      'it answers 403': server({ status: 403 }),
    },
    'refused-inside': {
      'what it calls is given no token': server(
        stream(events.created, { type: 'error', message: 'Authentication Token Missing', allow_retry: false }),
      ),
    },
    'open-to-all': { 'it lists threads for nobody': server(whole, { guarded: false }) },
    'no-stream': {
      'there is no such route': server({ status: 404 }),
      'it answers JSON': server({ status: 200, json: {}, headers: [['content-type', 'application/json']] }),
      'it wants another body': server({ status: 422, json: { detail: 'field required' } }),
    },
    unfinished: {
      'its stream ends in the middle': server(stream(events.created, events.question, events.begun)),
      'its answer is empty': server(
        stream(events.created, events.begun, { ...events.done, item: { ...item, content: [] } }),
      ),
      'it says nothing': server(stream()),
    },
    failed: {
      'the model cannot be reached': server(stream(events.created, { type: 'error', message: 'quota exceeded' })),
    },
  },
  skips: { 'no route is declared': {} },
  inconclusive: {
    'it is down': server({ status: 503 }),
    'it is limited': server({ status: 429 }),
    'nobody answers': { target: declared, http: { 'POST /chatkit': 'no answer' } },
    'it goes away before it answers the message': leaves('no answer'),
    'it goes away before the first event': leaves(stream()),
    'it goes away in the middle': leaves(stream(events.created, events.question, events.begun)),
  },
});
