import { describe, expect, it } from 'vitest';
import { credentialsInHar } from '../../src/token/har.js';
import { entriesOf } from '../../src/token/har-entries.js';
import fc from '../support/fast-check.js';

const entry = (name: string, value: string, more: object = {}) => ({
  request: { method: 'GET', url: 'http://localhost/api/me?x=1', headers: [{ name, value }] },
  response: { status: 401, ...more },
});
const har = (entries: readonly unknown[]) =>
  JSON.stringify({ log: { version: '1.2', pages: [{ entries: [1] }], entries } });

/** In pieces of so many characters, as a file comes. */
async function* pieces(text: string, size = 7) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function entriesIn(text: string, size?: number): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const each of entriesOf(pieces(text, size))) found.push(each);
  return found;
}

describe('the credentials of a HAR', () => {
  it('are bearer tokens and session cookies, with what was answered to them', async () => {
    const text = har([
      entry('Authorization', 'Bearer e30.e30.c2ln'),
      entry('cookie', 'a=b; __Secure-better-auth.session_token=abc; c=d'),
      entry('accept', 'Bearer no'),
    ]);
    const found = await credentialsInHar(pieces(text));
    expect(found?.map(({ source, value, status, bearer }) => [source, value.reveal(), status, bearer])).toEqual([
      ['Authorization of GET /api/me', 'e30.e30.c2ln', 401, true],
      ['Cookie of GET /api/me', 'abc', 401, false],
    ]);
  });

  it('are the first two hundred', async () => {
    const text = har(Array(300).fill(entry('Authorization', 'Bearer e30.e30.c2ln')));
    expect(await credentialsInHar(pieces(text, 100))).toHaveLength(200);
  });

  it.each([
    ['no JSON', 'hello'],
    ['empty', ''],
    ['of something else', '{"log":{"pages":[]}}'],
    ['one whose entries stand elsewhere', '{"entries":[{}]}'],
    ['one whose entries are in a list', '{"log":[{"entries":[]}]}'],
    ['cut', har([entry('a', 'b')]).slice(0, -1)],
    ['cut in a text', har([entry('a', 'b')]).slice(0, 40)],
    ['closed once too often', `${har([])}}`],
    ['broken in an entry', '{"log":{"entries":[{"request":}]}}'],
  ])('are none where the file is %s', async (_, text) => {
    expect(await credentialsInHar(pieces(text))).toBeNull();
  });

  it('are not looked for in what is no text', async () => {
    const headers = `[{"name":${'['.repeat(50_000)}${']'.repeat(50_000)},"value":1},null,7]`;
    expect(
      await credentialsInHar(pieces(`{"log":{"entries":[{"request":{"headers":${headers}}},1,"a",[]]}}`, 999)),
    ).toEqual([]);
  });
});

describe('the entries of a HAR', () => {
  it('are those that JSON.parse finds, in whatever pieces it comes', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '{"', ']}', 'entries', 'log'));
    // JSON.parse of Node 24 takes the key "\"" for "\\" where an object before it had that one
    const key = text.filter((one) => !one.includes('\\'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(key, fc.oneof(text, fc.array(text), fc.dictionary(key, text), fc.double()))),
        fc.nat(9),
        async (entries, size) => {
          const written = har(entries);
          expect(await entriesIn(written, size + 1)).toEqual(JSON.parse(written).log.entries);
        },
      ),
    );
  });

  it('hold no body of an answer, and everything around it', async () => {
    const long = '\\"{[é'.repeat(40_000);
    const text = har([entry('a', 'b', { content: { text: long }, after: 1 }), entry('c', 'd')]);
    expect(await entriesIn(text, 65_536)).toEqual([
      entry('a', 'b', { content: { text: '' }, after: 1 }),
      entry('c', 'd'),
    ]);
  });

  it('are passed over where one is as large as a file', async () => {
    const text = har([{ many: Array(800_000).fill(1) }, entry('c', 'd')]);
    expect(await entriesIn(text, 65_536)).toEqual([entry('c', 'd')]);
  });
});
