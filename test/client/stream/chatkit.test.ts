import { describe, expect, it } from 'vitest';
import {
  ChatKitTexts,
  ClientError,
  chatKitEnding,
  chatKitEvent,
  chatKitKinds,
  chatKitRequest,
  chatKitStream,
  createAuthClient,
  memoryStore,
} from '../../../src/client/index.js';
import { Body, eventStream } from '../../support/body.js';
import { response } from '../../support/wire.js';

const event = (value: object) => ({ id: undefined, name: 'message', data: JSON.stringify(value) });
const user = { type: 'user_message', id: 'u', content: [{ type: 'input_text', text: 'hi' }] };
const answer = { type: 'assistant_message', id: 'a', content: [] as object[] };
const whole = { ...answer, content: [{ type: 'output_text', text: 'Hello ☕' }] };
const part = (type: string, more: object) => ({
  type: 'thread.item.updated',
  item_id: 'a',
  update: { type: `assistant_message.content_part.${type}`, content_index: 0, ...more },
});
// the order of one turn, as chatkit-python sends it
const turn = [
  { type: 'thread.created', thread: { id: 't' } },
  { type: 'thread.item.done', item: user },
  { type: 'stream_options', stream_options: { allow_cancel: true } },
  { type: 'thread.item.added', item: answer },
  part('added', { content: { type: 'output_text', text: '' } }),
  part('text_delta', { delta: 'Hello' }),
  part('text_delta', { delta: ' ☕' }),
  part('done', { content: whole.content[0] }),
  { type: 'thread.item.done', item: whole },
];

describe('the ChatKit preset', () => {
  it('writes the envelopes of chatkit-python', () => {
    const input = { content: [{ type: 'input_text', text: 'hi' }], attachments: [], inference_options: {} };
    expect(chatKitRequest.create({ text: 'hi' })).toEqual({ type: 'threads.create', params: { input }, metadata: {} });
    expect(chatKitRequest.addUserMessage('t', { text: 'hi', metadata: { a: 1 } })).toEqual({
      type: 'threads.add_user_message',
      params: { thread_id: 't', input },
      metadata: { a: 1 },
    });
    expect(chatKitRequest.getThread('t')).toEqual({
      type: 'threads.get_by_id',
      params: { thread_id: 't' },
      metadata: {},
    });
  });

  it.each(['', '{', 'null', '7', '{"type":"nonsense"}', '[DONE]'])('does not take %j for one of its events', (data) => {
    expect(chatKitEvent({ data })).toBeNull();
  });

  it('knows its twelve kinds', () => {
    expect(chatKitKinds.map((type) => chatKitEvent(event({ type }))?.type)).toEqual([...chatKitKinds]);
    expect(chatKitKinds).toHaveLength(12);
  });

  it('may end only when the answer is done, not when the message of the user is', () => {
    const ending = chatKitEnding();
    const says = turn.map((one) => ending(event(one)));
    expect(says).toEqual([...Array(8).fill('open'), 'complete']);
    expect(chatKitEnding()(event({ type: 'error', code: 'custom' }))).toBe('complete');
  });

  it('grows the text of an answer, and agrees with the whole of it at every step', () => {
    const texts = new ChatKitTexts();
    const seen = turn.map((one) => {
      texts.apply(chatKitEvent(event(one)) as never);
      return texts.text('a');
    });
    expect(seen.slice(3)).toEqual(['', '', 'Hello', 'Hello ☕', 'Hello ☕', 'Hello ☕']);
    expect([texts.ids(), texts.text('u')]).toEqual([['a'], undefined]);
    texts.apply({ type: 'thread.item.replaced', item: { ...whole, content: [{ text: 'other' }] } });
    expect(texts.text('a')).toBe('other');
    texts.apply({ type: 'thread.item.removed', item_id: 'a' });
    expect(texts.text('a')).toBeUndefined();
  });

  it.each([
    [turn.length, 'event'],
    [6, 'replace'],
  ])('through client.stream: after %i events the last part is %s', async (count, kind) => {
    const bodies: unknown[] = [];
    const client = createAuthClient({
      store: memoryStore('t0'),
      refresh: async () => ({ status: 500 }),
      fetch: async (_url: string, init: { body?: unknown }) => {
        bodies.push(init.body);
        return response(
          200,
          eventStream,
          Body.of(...turn.slice(0, count).map((one) => `data: ${JSON.stringify(one)}\n\n`)).end(),
        );
      },
    });
    const kinds: string[] = [];
    const body = JSON.stringify(chatKitRequest.create({ text: 'hi' }));
    const init = { method: 'POST', body };
    for await (const { kind } of client.stream('/chatkit', init, { ...chatKitStream, stored: async () => whole }))
      kinds.push(kind);
    expect(kinds.at(-1)).toBe(kind);
    expect(bodies).toEqual([body]);
    if (kind === 'event') return;
    const failed = (async () => {
      for await (const _part of client.stream('/chatkit', init, chatKitStream));
    })();
    await expect(failed).rejects.toBeInstanceOf(ClientError);
  });
});
