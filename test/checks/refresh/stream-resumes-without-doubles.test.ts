import check, { streamResumes } from '../../../src/checks/refresh/stream-resumes-without-doubles.js';
import type { HttpRequest } from '../../../src/world.js';
import { farFuture, gifts, hs256, protectedRoute, target, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';
import type { StreamFlaw } from '../../support/flawed-stream.js';
import { flawedStream } from '../../support/flawed-stream.js';

const fresh = hs256({ sub: 'user-a', exp: farFuture, iat: 1 }, 'the-secret-of-the-tests');
const stream = { post: '/api/chat', body: { message: '{canary}' }, done: '[DONE]', messages: '/api/chat/messages' };
const declared = { routes: { ...target().routes, stream } };

interface Server {
  /** the place to go on from, after event n of a message */
  readonly next?: (n: number) => number;
  /** a resume is taken for a new question */
  readonly anew?: boolean;
  readonly id?: (message: string, n: number) => string | null;
  readonly parts?: (prompt: string) => string[];
  /** how the messages route lists what was said */
  readonly list?: (prompt: string, text: string, id: string) => unknown[];
  readonly resume?: ScriptedReply;
  readonly ending?: string;
  /** what each connection begins with */
  readonly beginning?: string;
  /** JSON of a part */
  readonly data?: (message: string, part: string) => string;
}
const usualParts = (prompt: string) => [`You said ${prompt}. `, 'I am ', 'a model – ', 'naïve ☕ ', 'and ', 'cut', '.'];

/** A chat that tells what it sent with ids, and goes on after them. */
function chat(server: Server = {}): { http: Script; target: typeof declared } {
  const { next = (n) => n + 1, anew = false, id = (message, n) => `${message}:${n}`, parts = usualParts } = server;
  const {
    list = (prompt, text, key) => [{ id: key, prompt, text }],
    ending = 'data: [DONE]\n\n',
    beginning = '',
  } = server;
  const { data = (messageId, delta) => JSON.stringify({ messageId, delta }), resume } = server;
  const messages: { id: string; prompt: string }[] = [];
  const begin = (request: HttpRequest) => {
    const message = { id: `m${messages.length + 1}`, prompt: JSON.parse(request.body ?? '{}').message as string };
    messages.push(message);
    return message;
  };
  const answer = (request: HttpRequest): ScriptedReply => {
    const last = request.headers['last-event-id'];
    if (last !== undefined && resume !== undefined) return resume;
    const resumed = anew ? undefined : messages.find(({ id: key }) => last?.startsWith(`${key}:`));
    const message = resumed ?? begin(request);
    const from = resumed === undefined ? 0 : next(Number(last?.split(':')[1]));
    const all = parts(message.prompt).map((part, n) => {
      const own = id(message.id, n);
      return `${own === null ? '' : `id: ${own}\n`}data: ${data(message.id, part)}\n\n`;
    });
    const text = `${beginning}${all.slice(from).join('')}${ending}`;
    // pieces of bytes that care for no event and no character
    return {
      status: 200,
      headers: [['content-type', 'text/event-stream']],
      pieces: [
        [0, text.slice(0, 70)],
        [1, text.slice(70)],
      ],
    };
  };
  return {
    target: declared,
    http: {
      'GET /api/auth/token': { status: 200, json: { token: fresh } },
      'POST /api/chat': answer,
      'GET /api/chat/messages': () => ({
        status: 200,
        json: { messages: messages.flatMap(({ id: key, prompt }) => list(prompt, parts(prompt).join(''), key)) },
      }),
    },
  };
}
const client = (flaw: StreamFlaw) => ({ ...chat(), instead: streamResumes(flawedStream(flaw)) });
const without = (messages: null) => ({ routes: { ...target().routes, stream: { ...stream, messages } } });

describeCheck(check, {
  given: { session: gifts.session, token: gifts.token, route: protectedRoute },
  passes: {
    'it goes on after the last event': chat(),
    'question and answer are stored apart': chat({
      list: (prompt, text, id) => [
        { id: `${id}-q`, role: 'user', content: prompt },
        { id: `${id}-a`, role: 'assistant', content: text },
      ],
    }),
    'its events are plain text': chat({ data: (_, part) => part }),
    'its events are as those of OpenAI': chat({
      data: (id, content) => JSON.stringify({ id, choices: [{ index: 0, delta: { content } }] }),
    }),
    'no character of its answer takes two bytes': chat({ parts: (prompt) => [prompt, ' a', ' b', ' c', ' d', ' e'] }),
    'the token route keeps its tokens': {
      target: declared,
      http: { ...chat().http, 'GET /api/auth/token': { status: 200, json: { token: tokens.a } } },
    },
    'it thinks aloud first': chat({ beginning: ': beat\n\n: beat\n\nretry: 10\n\n: beat\n\n' }),
    'its first events have no ids': chat({ beginning: 'data: {"type":"begin"}\n\ndata: {"type":"still"}\n\n' }),
    'its answers are short': chat({ parts: (prompt) => [prompt, ' yes', '.'] }),
  },
  reports: {
    'no-ids': {
      'events have no ids': chat({ id: () => null }),
      'all events of a message have one id': chat({ id: (message) => `${message}:0` }),
    },
    'not-resumed': {
      'a resume is not found': chat({ resume: { status: 404 } }),
      'a resume crashes': chat({ resume: { status: 500 } }),
    },
    replayed: {
      'it sends the last event again': chat({ next: (n) => n }),
      'it sends everything again': chat({ next: () => 0 }),
      'the client goes on after the event before the last': client('goes on after the event before the last'),
    },
    'not-stored-once': {
      'a resume is a new question': chat({ anew: true }),
      'the client begins anew': client('begins anew'),
    },
    'text-differs': {
      'it leaves an event out': chat({ next: (n) => n + 2 }),
      'the client commits ids early': client('commits ids early'),
      'the client gives up': client('gives up'),
    },
  },
  skips: {
    'no stream is declared': {},
    'no stored messages are declared': { ...chat(), target: without(null) },
    'what is stored is something else': chat({ list: (prompt, _, id) => [{ id, prompt, text: '<p>rendered</p>' }] }),
    'its answer is one word': chat({ parts: () => ['yes'] }),
  },
  inconclusive: {
    'the stream is refused': { ...chat(), http: { ...chat().http, 'POST /api/chat': { status: 503 } } },
    'it answers JSON': { ...chat(), http: { ...chat().http, 'POST /api/chat': { status: 200, json: {} } } },
    'it never says that it is done': chat({ ending: '' }),
    'the token route fails on the way': {
      ...chat(),
      http: { ...chat().http, 'GET /api/auth/token': { status: 403 } },
    },
    'nobody answers': { ...chat(), http: { ...chat().http, 'POST /api/chat': 'no answer' } },
  },
});
