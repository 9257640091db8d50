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
    expect(chatKitRequest.listItems('t')).toEqual({
      type: 'items.list',
      params: { thread_id: 't', limit: 20, order: 'desc', after: null },
      metadata: {},
    });
    expect(chatKitRequest.listItems('t', 5).params).toMatchObject({ limit: 5 });
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

  it('may not end while anything is unfinished, whatever else is done or said', () => {
    const ending = chatKitEnding();
    const says = (value: object) => ending(event(value));
    const task = { type: 'workflow', id: 'w' };
    expect(says({ type: 'nonsense' })).toBe('open');
    for (const item of [answer, task]) expect(says({ type: 'thread.item.added', item })).toBe('open');
    expect(says({ type: 'thread.item.done', item: whole })).toBe('open');
    expect(says({ type: 'thread.item.updated', item_id: 'w', update: {} })).toBe('open');
    expect(says({ type: 'thread.item.removed', item_id: 'w' })).toBe('complete');
    expect(says({ type: 'thread.item.replaced', item: whole })).toBe('complete');
    expect(says({ type: 'nonsense' })).toBe('complete');
  });

  it('may end after an error, whatever was begun', () => {
    const ending = chatKitEnding();
    ending(event({ type: 'thread.item.added', item: answer }));
    expect(ending(event({ type: 'error', code: 'stream.error' }))).toBe('complete');
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

  const textAfter = (...events: object[]) => {
    const texts = new ChatKitTexts();
    for (const one of events) texts.apply(one as never);
    return texts.text('a');
  };
  const delta = (text: string, more: object = {}) => part('text_delta', { delta: text, ...more });

  it.each([
    ['parts follow each other', 'ab', [delta('a'), delta('b', { content_index: 1 })]],
    ['a part may begin with text', 'ab', [part('added', { content: { text: 'a' } }), delta('b')]],
    ['a part that is done is the whole of it', 'b', [delta('a'), part('done', { content: { text: 'b' } })]],
    ['what is no text is none', '', [{ type: 'thread.item.added', item: { ...answer, content: [{ text: 7 }] } }]],
    ['an item may come without content', '', [{ type: 'thread.item.added', item: { ...answer, content: undefined } }]],
    [
      'annotations are no text',
      'a',
      [delta('a'), part('annotation_added', { annotation: {}, content: { text: 'x' } })],
    ],
    ['a piece without a place is dropped', undefined, [delta('a', { content_index: undefined })]],
    ['an update of nothing is none', undefined, [{ type: 'thread.item.updated', item_id: 'a' }]],
    ['items are told by events of items', undefined, [{ type: 'client_effect', item: whole }]],
  ])('reads texts: %s', (_what, text, events) => {
    expect(textAfter(...events)).toBe(text);
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
