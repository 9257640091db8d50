import { describe, expect, it } from 'vitest';
import { header, headers, pointer } from '../../src/core/reply.js';

describe('a JSON pointer into an untrusted answer', () => {
  // RFC 6901 section 5
  const document = JSON.parse('{"foo":["bar","baz"],"":0,"a/b":1,"m~n":8,"__proto__":{"polluted":true}}');

  it.each([
    ['', document],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/m~0n', 8],
    ['/nothing/there', undefined],
    ['/constructor', undefined],
    ['/foo/length', 2],
  ])('%j leads where RFC 6901 says', (path, expected) => {
    expect(pointer(document, path)).toEqual(expected);
  });
});

describe('the headers of a reply', () => {
  const reply = {
    method: 'GET',
    url: 'http://x',
    status: 200,
    text: '',
    json: undefined,
    ms: 0,
    headers: [
      ['set-cookie', 'a=1; Expires=Sat, 21 Nov 2026 12:00:00 GMT'],
      ['content-type', 'text/html'],
      ['set-cookie', 'b=2'],
    ] as const,
  };

  it('keep repeated names apart', () => {
    expect(headers(reply, 'set-cookie')).toEqual(['a=1; Expires=Sat, 21 Nov 2026 12:00:00 GMT', 'b=2']);
    expect(header(reply, 'content-type')).toBe('text/html');
    expect(header(reply, 'etag')).toBeNull();
  });
});
