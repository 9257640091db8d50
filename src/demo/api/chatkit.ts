import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { isObject, Refusal } from '../http.js';
import type { Tables } from '../tables.js';
import { openEventStream } from './event-stream.js';
import { answerParts, pace } from './model.js';
import type { Call, Route } from './router.js';
import { type Item, makeThreads, type Threads } from './threads.js';

/**
 * `POST /chatkit`: the ChatKit protocol as its Python server SDK speaks it (chatkit/types.py, chatkit/server.py). One
 * envelope `{type, params}`; two kinds answer with a stream of `data: {json}` events, the others with JSON.
 */
export function chatkitRoute(db: Kysely<Tables>): Route {
  return {
    method: 'POST',
    path: '/chatkit',
    async run(call) {
      const { type, params } = await call.body();
      if (!isObject(params)) throw new Refusal(422, 'params_missing');
      const threads = makeThreads(db, call.caller.id);
      if (type === 'threads.create') return createThread(threads, call, userContent(params));
      if (type === 'threads.add_user_message') return addMessage(threads, call, params);
      if (type === 'threads.list') return call.json(200, await threads.list(page(params)));
      if (type === 'threads.get_by_id') return call.json(200, await threads.whole(text(params, 'thread_id')));
      if (type === 'threads.delete') return call.json(200, await threads.remove(text(params, 'thread_id')));
      throw new Refusal(422, 'type_unknown');
    },
  };
}

async function createThread(threads: Threads, call: Call, content: Content): Promise<void> {
  const thread = await threads.create();
  const stream = openEventStream(call.response);
  stream.send(JSON.stringify({ type: 'thread.created', thread }));
  await respond(threads, thread.id, content, (event) => stream.send(JSON.stringify(event)));
  stream.end();
}

async function addMessage(threads: Threads, call: Call, params: Readonly<Record<string, unknown>>): Promise<void> {
  const content = userContent(params);
  const { id } = await threads.metadata(text(params, 'thread_id'));
  const stream = openEventStream(call.response);
  await respond(threads, id, content, (event) => stream.send(JSON.stringify(event)));
  stream.end();
}

/** The events of one turn in their order: the user's item, the options, the answer as it grows, the answer whole. */
async function respond(
  threads: Threads,
  threadId: string,
  content: Content,
  send: (event: unknown) => void,
): Promise<void> {
  const question: Item = { ...threads.newItem(threadId), type: 'user_message', ...content };
  await threads.add(threadId, question);
  send({ type: 'thread.item.done', item: question });
  send({ type: 'stream_options', stream_options: { allow_cancel: true } });

  const answer = { ...threads.newItem(threadId), type: 'assistant_message' };
  const part = (said: string) => ({ annotations: [], text: said, type: 'output_text' });
  const update = (kind: string, rest: object) =>
    send({
      type: 'thread.item.updated',
      item_id: answer.id,
      update: { type: `assistant_message.content_part.${kind}`, content_index: 0, ...rest },
    });

  send({ type: 'thread.item.added', item: { ...answer, content: [] } });
  update('added', { content: part('') });
  const parts = answerParts(content.content.map((one) => one.text).join(' '));
  for (const delta of parts) {
    update('text_delta', { delta });
    await sleep(pace);
  }
  update('done', { content: part(parts.join('')) });
  const item: Item = { ...answer, content: [part(parts.join(''))] };
  await threads.add(threadId, item);
  send({ type: 'thread.item.done', item });
}

interface Content {
  readonly content: readonly { readonly type: 'input_text'; readonly text: string }[];
  readonly attachments: readonly never[];
  readonly inference_options: object;
}

/** `params.input` as UserMessageInput. Attachments are none of this server's. */
function userContent(params: Readonly<Record<string, unknown>>): Content {
  const { input } = params;
  if (!isObject(input) || !Array.isArray(input.content)) throw new Refusal(422, 'input_missing');
  const content = input.content.map((part: unknown) => {
    if (!isObject(part) || part.type !== 'input_text') throw new Refusal(422, 'content_not_text');
    return { type: 'input_text' as const, text: text(part, 'text') };
  });
  return {
    content,
    attachments: [],
    inference_options: isObject(input.inference_options) ? input.inference_options : {},
  };
}

function page(params: Readonly<Record<string, unknown>>) {
  const { limit, order, after } = params;
  return {
    limit: typeof limit === 'number' && limit >= 1 ? Math.min(Math.floor(limit), 100) : 20,
    order: order === 'asc' ? ('asc' as const) : ('desc' as const),
    after: typeof after === 'string' ? after : null,
  };
}

function text(from: Readonly<Record<string, unknown>>, name: string): string {
  const value = from[name];
  if (typeof value !== 'string' || value.includes('\0')) throw new Refusal(422, `${name}_not_a_text`);
  return value;
}
