// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of env files, not templates
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.js';
import { estimatedBits, weakness } from '../../src/env-file/strength.js';
import type { VariantName } from '../../src/env-file/variants.js';
import { changed, longestSecret, publicDefault, variants } from '../../src/env-file/variants.js';
import { randomBytes } from '../support/chance.js';
import fc from '../support/fast-check.js';
import { cases } from '../support/seed.js';

const named = (value: string) =>
  Object.fromEntries([...variants(new Secret(value))].map(({ name, text }) => [name, text?.reveal() ?? null]));

describe('what a secret can have become', () => {
  // each pair written down by hand, or made with printf, base64, xxd and sha256sum
  const known: readonly [VariantName, string, string][] = [
    ['trimmed of white space', ' abc\n', 'abc'],
    ['with a trailing newline', 'abc', 'abc\n'],
    ['with a trailing carriage return', 'abc', 'abc\r'],
    ['with a trailing space', 'abc', 'abc '],
    ['in double quotes', 'abc', '"abc"'],
    ['without its quotes', "'abc'", 'abc'],
    ['cut at #', 'abc#def', 'abc'],
    ['cut at white space before #', 'a#c #def', 'a#c'],
    ['cut at $', 'ab$cd', 'ab'],
    ['cut at white space', 'ab cd ef', 'ab'],
    ['cut at an equals sign', 'ab=cd', 'ab'],
    ['with $NAME emptied', 'ab$NOPE-${NOPE}c', 'ab-c'],
    ['with $ and a digit emptied', 'ab$1cd', 'abcd'],
    ['with $$ made one $', 'a$$b', 'a$b'],
    ['with \\n made a newline', 'a\\nb', 'a\nb'],
    ['without its backslashes', 'a\\!b', 'a!b'],
    ['in upper case', '0aF', '0AF'],
    ['decoded from hex', '6869', 'hi'],
    ['encoded as hex', 'hi', '6869'],
    ['turned from hex to base64', '6869ff', 'aGn/'],
    ['decoded from base64', 'aGk=', 'hi'],
    ['encoded as base64', 'hi', 'aGk='],
    ['encoded as base64 with a trailing newline', 'hi', 'aGkK'],
    ['in the base64url alphabet', 'a+b/', 'a-b_'],
    ['without base64 padding', 'aGk=', 'aGk'],
    ['with base64 padding', 'aGk', 'aGk='],
    ['percent-decoded', 'a%2Bb', 'a+b'],
    ['percent-encoded', 'a+b', 'a%2Bb'],
    ['with + made a space', 'a+b', 'a b'],
    ['behind a byte order mark', 'abc', '\ufeffabc'],
    ['read as Latin-1', 'é', 'Ã©'],
    ['in decomposed Unicode', 'é', 'e\u0301'],
    ['its first line', 'ab\ncd', 'ab'],
    ['its SHA-256 in hex', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['without its version', '2:abc', 'abc'],
    ['the word undefined', 'abc', 'undefined'],
    ["Better Auth's public default", 'abc', publicDefault],
  ];
  it.each(known)('%s: %j becomes %j', (name, from, to) => {
    expect(named(from)[name]).toBe(to);
  });

  it('gives the bytes where they are no text', () => {
    const secret = 'ff00aa';
    const found = [...variants(new Secret(secret))].find(({ name }) => name === 'decoded from hex');
    expect([found?.text, Buffer.from(found?.bytes ?? []).toString('hex')]).toEqual([null, secret]);
    const hash = [...variants(new Secret('abc'))].find(({ name }) => name === 'its SHA-256');
    expect(Buffer.from(hash?.bytes ?? [])).toEqual(createHash('sha256').update('abc').digest());
  });

  it('knows the values that stand beside it by the names of their files', () => {
    const context = { others: [{ name: '.env.production', value: new Secret('other') }] };
    const found = [...variants(new Secret('abc'), context)].at(-1);
    expect([found?.name, found?.text?.reveal()]).toEqual(['the value of .env.production', 'other']);
  });

  it('never tells a result twice, and never the value itself', () => {
    const property = fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (value) => {
      const results = [...variants(new Secret(value))].map(({ bytes }) => Buffer.from(bytes).toString('hex'));
      expect(new Set(results).size).toBe(results.length);
      expect(results).not.toContain(Buffer.from(value).toString('hex'));
    });
    fc.assert(property, { numRuns: cases(300) });
  });

  it('takes no random secret for a variant of another one, in 100,000 pairs', { timeout: 120_000 }, () => {
    // every variant of 320 secrets against 320 others: more than 100,000 ordered pairs
    const spell = [
      (bytes: Buffer) => bytes.toString('hex'),
      (bytes: Buffer) => bytes.toString('base64'),
      (bytes: Buffer) => bytes.toString('base64url'),
      // the printable characters that loaders trip over
      (bytes: Buffer) => [...bytes].map((byte) => '#$ \\"\'=,;%+`~abcXYZ019!'.charAt(byte % 24) || '_').join(''),
    ];
    const secrets = Array.from({ length: 320 }, (_, i) => (spell[i % 4] as (bytes: Buffer) => string)(randomBytes(32)));
    const held = new Set(secrets);
    expect(held.size).toBe(secrets.length);
    let looked = 0;
    for (const secret of secrets) {
      for (const { name, text } of variants(new Secret(secret))) {
        looked += 1;
        expect(text !== null && held.has(text.reveal()) ? name : null).toBeNull();
      }
    }
    expect(secrets.length * (secrets.length - 1)).toBeGreaterThan(100_000);
    expect(looked).toBeGreaterThan(secrets.length * 20);
  });
});

describe('a change that is made again', () => {
  it('comes to the same bytes', () => {
    const values = ['abc#d $x\n', '"quoted"', '6162', 'a b + %41 é\\n', ' 1:two,3:four '];
    for (const value of values.map((text) => new Secret(text))) {
      for (const { name, bytes } of variants(value))
        expect([name, Buffer.from(changed(value, name as VariantName))]).toEqual([name, Buffer.from(bytes)]);
    }
  });

  it('is made of nothing that is longer than a secret', () => {
    expect([...variants(new Secret('x'.repeat(longestSecret + 1)))]).toEqual([]);
    expect([...variants(new Secret('x'.repeat(longestSecret)))].length).toBeGreaterThan(10);
  });

  it('takes no longer where white space is long', () => {
    const long = `a${' '.repeat(8_000)}b#x`;
    expect(named(`${long} #c`)['cut at white space before #']).toBe(long);
  });
});

describe('how strong a secret is', () => {
  it('is told of one that wants to keep its judge busy', () => {
    // as many ways to read it as there are atoms
    expect(weakness(new Secret(`secret${'min1char'.repeat(300)}\nx`))).toBe(null);
    expect(weakness(new Secret(`secret${'min1char'.repeat(300)}`))).toBe('placeholder');
    expect(weakness(new Secret('secret-goes-here-min 32 chars, at least'))).toBe('placeholder');
  });

  it.each([
    ['', 'public-default'],
    [publicDefault, 'public-default'],
    ['change-me', 'placeholder'],
    ['your-super-secret-key-here', 'placeholder'],
    ['<paste the secret here>', 'placeholder'],
    ['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'placeholder'],
    ['your_better_auth_secret_min_32_chars', 'placeholder'],
    ['k3Jx9', 'short'],
    // 32 characters, 2 of them different: 32 bits
    ['abababababababababababababababab', 'low-entropy'],
  ])('%j is %s', (value, expected) => {
    expect(weakness(new Secret(value))).toBe(expected);
  });

  // one of each kind, in the case in which people write it
  it.each([
    ...['[secret]', '{{ SECRET }}', '.....', '*****', 'MySecret', 'THE-PASSWORD', 'a_key', 'some-token', 'Value'],
    ...['ChangeIt', 'replace-this-now', 'TODO: a secret', 'Example', 'placeholder-1', 'insert-here', 'YOUR-OWN'],
    ...['Paste_it', 'generate_one', 'openssl rand -hex 32', 'TEST', 'dummy1', 'Foo', 'BAR'],
  ])('%j is a placeholder', (value) => {
    expect(weakness(new Secret(value))).toBe('placeholder');
  });

  it('lets every fresh secret of 256 bits pass, in each of its spellings', () => {
    for (let i = 0; i < cases(2000); i++) {
      const bytes = randomBytes(32);
      for (const spelling of ['hex', 'base64', 'base64url'] as const)
        expect(weakness(new Secret(bytes.toString(spelling)))).toBeNull();
    }
  });

  // one in a million begins so
  it.each(['TOdO', 'Dummy'])('lets a random secret of base64 that begins with %s pass', (word) => {
    expect(weakness(new Secret(`${word}xhQ7vG0kZrN2mWc5tYb8uJf3sLpA6eXiRnKgDw=`))).toBeNull();
  });

  it('estimates as Better Auth does: length times log2 of the different characters', () => {
    expect(estimatedBits('abcd')).toBe(8);
    expect(estimatedBits('aaaa')).toBe(0);
    expect(estimatedBits('')).toBe(0);
  });
});
