import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { Refusal } from '../http.js';
import { fault, twin } from '../planted.js';
import type { Tables } from '../tables.js';
import { type EventStream, openEventStream } from './event-stream.js';
import { answerParts, pace } from './model.js';
import type { Call, Route } from './router.js';

/** `/api/chat`: an answer as server-sent events that can be resumed, and the stored messages. */
export function chatRoutes(db: Kysely<Tables>): Route[] {
  return [
    { method: 'POST', path: '/api/chat', run: (call) => chat(db, call) },
    { method: 'GET', path: '/api/chat/messages', run: (call) => listMessages(db, call) },
    { method: 'GET', path: '/api/chat/messages/:id', run: (call) => readMessage(db, call) },
  ];
}

/**
 * Event `<message>:<n>` carries part n of the answer as `{"messageId","delta"}`; the last one says `[DONE]`. With
 * `Last-Event-ID` the events after that one follow, of the message that is already stored: no second message, no second
 * run of the model.
 */
async function chat(db: Kysely<Tables>, call: Call): Promise<void> {
  const last = call.request.headers['last-event-id'];
  const { message, next } =
    last === undefined ? { message: await begin(db, call), next: 0 } : await resume(db, call, String(last));
  const parts = partsOf(message);
  const idOf = (n: number) => (fault('F111') ? undefined : `${message.id}:${n}`);
  const stream = openEventStream(call.response);
  if (twin('H15')) await ponder(stream);
  for (let n = next; n < parts.length && stream.open; n++) {
    stream.send(JSON.stringify({ messageId: message.id, delta: parts[n] }), idOf(n));
    await sleep(pace);
  }
  if (next <= parts.length) stream.send('[DONE]', idOf(parts.length));
  stream.end();
}

/** What the model says to a message, the same whenever it is asked again. */
function partsOf({ id, prompt }: { readonly id: string; readonly prompt: string }): readonly string[] {
  return answerParts(twin('H15') ? `${prompt} (${id})` : prompt);
}

/** Eight seconds of thought, with a comment every other one, so that nobody in between takes the stream for dead. */
async function ponder(stream: EventStream): Promise<void> {
  for (let n = 0; n < 4 && stream.open; n++) {
    stream.beat();
    await sleep(2_000);
  }
}

async function begin(db: Kysely<Tables>, { caller, body }: Call) {
  const { message: prompt } = await body();
  if (typeof prompt !== 'string' || prompt.trim() === '' || prompt.includes('\0'))
    throw new Refusal(422, 'message_not_a_text');
  const id = crypto.randomUUID();
  const message = { id, ownerId: caller.id, prompt, text: partsOf({ id, prompt }).join(''), createdAt: new Date() };
  await db.insertInto('message').values(message).execute();
  return message;
}

async function resume(db: Kysely<Tables>, call: Call, last: string) {
  if (fault('F110')) return { message: await begin(db, call), next: 0 };
  const [, id = '', n = ''] = /^([A-Za-z0-9-]{1,64}):(\d{1,6})$/.exec(last) ?? [];
  const anybodys = db.selectFrom('message').select(columns).where('id', '=', id);
  const message = await (fault('F167') ? anybodys : mine(db, call, id)).executeTakeFirst();
  if (message === undefined) throw new Refusal(404, 'not_found');
  return { message, next: fault('F108') ? Number(n) : Number(n) + 1 };
}

async function listMessages(db: Kysely<Tables>, { caller, json }: Call): Promise<void> {
  const messages = db
    .selectFrom('message')
    .select(columns)
    .where('ownerId', '=', caller.id)
    .orderBy('createdAt')
    .limit(200);
  json(200, { messages: await messages.execute() });
}

async function readMessage(db: Kysely<Tables>, call: Call): Promise<void> {
  const message = await mine(db, call, call.id).executeTakeFirst();
  if (message === undefined) throw new Refusal(404, 'not_found');
  call.json(200, message);
}

function mine(db: Kysely<Tables>, { caller }: Call, id: string) {
  return db.selectFrom('message').select(columns).where('id', '=', id).where('ownerId', '=', caller.id);
}

const columns = ['id', 'prompt', 'text', 'createdAt'] as const;
