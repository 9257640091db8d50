import { describe, expect, it } from 'vitest';
import { decode } from '../../src/env-file/decode.js';
import { loaderFor } from '../../src/env-file/loader.js';
import { mendedBytes } from '../../src/env-file/mend.js';
import { foldNewlines } from '../../src/env-file/newlines.js';

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding);

describe('the bytes of an env file', () => {
  it.each([
    ['UTF-8', bytes('K=é\n'), 'utf-8'],
    ['nothing', bytes(''), 'utf-8'],
    ['a byte order mark', bytes('\ufeffK=1\n'), 'utf-8-bom'],
    ['UTF-16 as PowerShell writes it', bytes('\ufeffK=1\r\n', 'utf16le'), 'utf-16le'],
    ['UTF-16 without a mark', bytes('K=1\n', 'utf16le'), 'utf-16le'],
    ['UTF-16 the other way round', Buffer.from([0xfe, 0xff, 0, 0x4b]), 'utf-16be'],
    ['a NUL', bytes('K=a\0b\n'), 'binary'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]), 'binary'],
  ])('knows %s', (_, input, encoding) => {
    expect(decode(input).encoding).toBe(encoding);
  });

  it('says where the first byte is that is not UTF-8, and takes a written U+FFFD for what it is', () => {
    expect(decode(Buffer.concat([bytes('K=\ufffdé'), Buffer.from([0xff]), bytes('x')])).invalidAt).toBe(4);
    expect(decode(bytes('K=\ufffd')).invalidAt).toBeNull();
  });

  it('finds its way back from folded newlines to the original', () => {
    const original = 'A=1\r\nB=2\rC=3\r\n\r\nD=4';
    const { text, origin, span } = foldNewlines(original);
    for (const name of ['A', 'B', 'C', 'D']) expect(original[origin(text.indexOf(name))]).toBe(name);
    const at = text.indexOf('3');
    expect(original.slice(span(at, at + 1).start, span(at, at + 1).end)).toBe('3');
  });
});

describe('mending a file', () => {
  it('keeps every value as it was meant, in the form that all loaders read alike', () => {
    const text = '# note\r\nK=abc\r\nJ="a b"\r\n';
    for (const input of [bytes(text), bytes(`\ufeff${text}`), bytes(`\ufeff${text}`, 'utf16le')]) {
      const { bytes: mended, done } = mendedBytes(input);
      expect(done.length).toBeGreaterThan(0);
      expect(Buffer.from(mended).toString()).toBe('# note\nK=abc\nJ="a b"\n');
    }
  });

  it('leaves a file alone that is sound, or that it does not understand', () => {
    for (const input of [bytes('K=abc\n'), bytes('K=a\0'), Buffer.from([0x4b, 0x3d, 0xff, 0x0d, 0x0a])]) {
      expect(mendedBytes(input)).toEqual({ bytes: input, done: [] });
    }
  });

  it('makes bash read what the others read', () => {
    const { bytes: mended } = mendedBytes(bytes('K=abc\r\n'));
    const file = { path: '', text: decode(mended).text, invalidAt: null };
    expect(loaderFor('bash').load([file], {}).settings.get('K')?.value?.reveal()).toBe('abc');
  });
});
