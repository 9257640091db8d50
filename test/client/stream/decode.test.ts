import { createParser } from 'eventsource-parser';
import { describe, expect, it } from 'vitest';
import { eventDecoder, type StreamEvent } from '../../../src/client/index.js';
import fc from '../../support/fast-check.js';
import { cases, patience } from '../../support/seed.js';

/** All events of these pieces, and the id that a resume would ask for. */
function decode(pieces: readonly Uint8Array[]): { events: StreamEvent[]; lastId: string; retry: number | null } {
  const decoder = eventDecoder();
  const events = pieces.flatMap((piece) => [...decoder.feed(piece)]);
  return { events, lastId: decoder.lastId, retry: decoder.retry };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const event = (data: string, more: Partial<StreamEvent> = {}): StreamEvent => ({
  id: undefined,
  name: 'message',
  data,
  ...more,
});

// every row follows from WHATWG HTML 9.2.5 and 9.2.6
const samples: readonly [title: string, text: string, events: StreamEvent[], lastId?: string, retry?: number][] = [
  ['the three ways to end a line', 'data: a\n\ndata: b\r\rdata: c\r\n\r\n', [event('a'), event('b'), event('c')]],
  ['lines that end differently in one event', 'data: a\r\ndata: b\rdata: c\n\n', [event('a\nb\nc')]],
  ['one leading byte order mark', '\ufeffdata: a\n\n', [event('a')]],
  ['only one of them', '\ufeff\ufeffdata: a\n\ndata: b\n\n', [event('b')]],
  ['one space after the colon', 'data:a\ndata: b\ndata:  c\n\n', [event('a\nb\n c')]],
  ['fields of no meaning', 'wait: 5\ndata: x\n\n', [event('x')]],
  ['names', 'event: done\ndata: x\n\ndata: y\n\n', [event('x', { name: 'done' }), event('y')]],
  ['ids', 'id: 7\ndata: x\n\ndata: y\n\n', [event('x', { id: '7' }), event('y')], '7'],
  ['an id without data counts for the resume', 'id: 7\ndata: x\n\nid: 8\n\n', [event('x', { id: '7' })], '8'],
  [
    'an id before the blank line does not count yet',
    'id: 7\ndata: x\n\nid: 8\ndata: y\n',
    [event('x', { id: '7' })],
    '7',
  ],
  [
    'an empty id takes the old one back',
    'id: 7\ndata: x\n\nid\ndata: y\n\n',
    [event('x', { id: '7' }), event('y', { id: '' })],
    '',
  ],
  ['an id with a NUL is none', 'id: 7\u00008\ndata: x\n\n', [event('x')], ''],
  ['an unfinished event is none', 'data: a\n\ndata: b\n', [event('a')]],
  ['an event without data is none', 'event: x\n\ndata: y\n\n', [event('y')]],
  ['a data field without a colon is an empty line', 'data\n\ndata\ndata\n\n', [event(''), event('\n')]],
  ['comments and unknown fields are nothing', ': hello\nfoo: bar\ndata: a\n:\n\n', [event('a')]],
  ['retry in digits', 'retry: 2500\n\n', [], '', 2500],
  ['retry is capped', 'retry: 99999999\n\n', [], '', 30_000],
  ['retry in anything else is nothing', 'retry: 1e3\nretry: -5\nretry: 2.5\n\n', []],
  ['characters of two, three and four bytes', 'data: äöü €\u2028 𝄞🙂\n\n', [event('äöü €\u2028 𝄞🙂')]],
];

describe('the decoder of server-sent events', () => {
  it.each(samples)('knows %s, at every cut of the bytes', (_title, text, events, lastId = '', retry) => {
    const all = bytes(text);
    const expected = { events, lastId, retry: retry ?? null };
    expect(decode([all])).toEqual(expected);
    expect(decode([...all].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
    for (let cut = 0; cut <= all.length; cut++) expect(decode([all.slice(0, cut), all.slice(cut)])).toEqual(expected);
  });

  it(
    'S2: any text survives any set of cuts',
    () => {
      const text = fc.string({ unit: 'binary', maxLength: 40 }).map((value) => value.replace(/[\r\n]/g, ' '));
      const cuts = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 12 });
      fc.assert(
        fc.property(
          fc.array(text, { maxLength: 6 }),
          cuts,
          fc.constantFrom('\n', '\r', '\r\n'),
          (texts, mille, end) => {
            const all = bytes(texts.map((value, id) => `id: ${id}${end}data: ${value}${end}${end}`).join(''));
            const at = mille.map((cut) => Math.floor((cut * all.length) / 1000)).sort((a, b) => a - b);
            const pieces = [0, ...at].map((from, index) => all.slice(from, at[index] ?? all.length));
            // a lone surrogate has no UTF-8 form: the encoder has replaced it
            const sent = texts.map((value) => new TextDecoder().decode(bytes(value)));
            expect(decode(pieces).events.map(({ data }) => data)).toEqual(sent);
          },
        ),
        { numRuns: cases(2_000) },
      );
    },
    patience,
  );

  it(
    'agrees with eventsource-parser on whole streams with line feeds',
    () => {
      const field = fc.constantFrom('data', 'id', 'event', 'retry', 'foo', '');
      const line = fc
        .tuple(field, fc.constantFrom(':', ': ', ''), fc.string({ maxLength: 6 }))
        .map((parts) => parts.join(''));
      const stream = fc.array(fc.oneof(line, fc.constant(''), fc.constant('data: x')), { maxLength: 20 });
      fc.assert(
        fc.property(stream, (lines) => {
          const text = `${lines.join('\n').replaceAll('\r', '')}\n\n`;
          const theirs: object[] = [];
          createParser({ onEvent: ({ id, event, data }) => theirs.push({ id, name: event ?? 'message', data }) }).feed(
            text,
          );
          expect(decode([bytes(text)]).events).toEqual(theirs.map((one) => ({ id: undefined, ...one })));
        }),
        { numRuns: cases(2_000) },
      );
    },
    patience,
  );

  it.each([`data: ${'x'.repeat(2_000)}`, 'data: x\n'.repeat(300), ': x\n'.repeat(600)])(
    'gives up an event that does not end',
    (text) => {
      const decoder = eventDecoder('', 1_000);
      expect(() => [...decoder.feed(text)]).toThrow(
        expect.objectContaining({ failure: { kind: 'limit', what: 'event size' } }),
      );
    },
  );

  it('gives up an event that is too large, even one that came whole; one of just that size is fine', () => {
    const fed = (size: number) => [...eventDecoder('', 1_000).feed(`data: ${'x'.repeat(size - 6)}\n\n`)];
    expect(fed(1_000)).toHaveLength(1);
    expect(() => fed(1_001)).toThrow(expect.objectContaining({ failure: { kind: 'limit', what: 'event size' } }));
  });

  it('an empty piece between carriage return and line feed changes nothing', () => {
    const pieces = ['event: a\r', '', '\ndata: x\r', '\n\r\n'].map(bytes);
    expect(decode(pieces).events).toEqual([event('x', { name: 'a' })]);
  });
});
