import { describe, expect, test } from 'vitest';
import type { Group } from '../../src/env-file/edit.js';
import { edit, Uneditable } from '../../src/env-file/edit.js';
import fc from '../support/fast-check.js';
import { cases } from '../support/seed.js';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const one = (name: string, spelled: string): Group[] => [{ comment: 'why', lines: [{ name, spelled }] }];
const edited = (before: string, name = 'K', spelled = 'new') => text(edit(Buffer.from(before), one(name, spelled)));

describe('a value that is there is replaced in its place', () => {
  test.each([
    ['K=old\n', 'K=new\n'],
    ['K=old', 'K=new'],
    ['K=old\r\nX=1\r\n', 'K=new\r\nX=1\r\n'],
    ['  export K = old  # why\nX=1\n', '  export K = new  # why\nX=1\n'],
    ['K="a b" # why\n', 'K=new # why\n'],
    ['K="a \\" b"\n', 'K=new\n'],
    ["K='a\nK=not me\n'\nX=1\n", 'K=new\nX=1\n'],
    ['X="\nK=in a text\n"\nK=old\n', 'X="\nK=in a text\n"\nK=new\n'],
    ['K=\n', 'K=new\n'],
    ['K= # why\n', 'K=new # why\n'],
    ['K=a#b\n', 'K=new\n'],
    ['K=`a b`\n', 'K=new\n'],
    ['K=`a\n', 'K=new\n'],
    ['K=first\nX=1\nK=second\n', 'K=first\nX=1\nK=new\n'],
    ['\ufeffK=old\n', '\ufeffK=new\n'],
    ['K=old\rX=1\r', 'K=new\rX=1\r'],
    ["K=it's\nX='1'\n", "K=new\nX='1'\n"],
  ])('%j becomes %j', (before, after) => expect(edited(before)).toBe(after));
});

describe('a name that is not there is appended with its reason', () => {
  test.each([
    ['', '# why\nK=new\n'],
    ['\ufeff', '\ufeff# why\nK=new\n'],
    ['X=1\n', 'X=1\n\n# why\nK=new\n'],
    ['X=1', 'X=1\n\n# why\nK=new\n'],
    ['X=1\r\nY=2\r\n', 'X=1\r\nY=2\r\n\r\n# why\r\nK=new\r\n'],
    ['# K=old\n', '# K=old\n\n# why\nK=new\n'],
    ['KK=1\nK.x=2\nxK=3\n', 'KK=1\nK.x=2\nxK=3\n\n# why\nK=new\n'],
    ['X="\nK=in a text\n"\n', 'X="\nK=in a text\n"\n\n# why\nK=new\n'],
  ])('%j becomes %j', (before, after) => expect(edited(before)).toBe(after));
});

test('a quote that is never closed is refused with its line: where the value ends cannot be told', () => {
  for (const [before, line] of [
    ['A=1\nK="old\nX=1\n', 2],
    ["A='\r\n", 1],
  ] as const) {
    expect(() => edited(before)).toThrow(Uneditable);
    expect(() => edited(before)).toThrow(expect.objectContaining({ line }));
  }
});

const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/);
const piece = fc.oneof(
  fc
    .tuple(
      name,
      fc.stringMatching(/^[ -~]{0,20}$/).filter((value) => !/^\s*["'`]/.test(value)),
    )
    .map(([k, v]) => `${k}=${v}`),
  fc
    .tuple(name, fc.constantFrom('"', "'"), fc.stringMatching(/^[a-z #=\n]{0,20}$/))
    .map(([k, q, v]) => `${k}=${q}${v}${q}`),
  fc.stringMatching(/^#[ -~]{0,20}$/),
  fc.constantFrom('', '   ', 'not an assignment', '\u00e9\u4e2d', '\t# \u2028', 'export'),
);
const file = fc
  .tuple(fc.boolean(), fc.array(piece, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([mark, pieces, end, ended]) => (mark ? '\ufeff' : '') + pieces.join(end) + (ended ? end : ''));

test('whatever the file, only the bytes of the value change, and a second edit changes nothing', () => {
  fc.assert(
    fc.property(file, name, fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/), (before, key, value) => {
      const bytes = Buffer.from(before);
      const after = edit(bytes, one(key, value));
      const [head, tail] = [common(bytes, after), common(bytes.toReversed(), Buffer.from(after).toReversed())];
      const untouched = Math.min(bytes.length, head + tail);
      const gone = text(bytes.subarray(head, bytes.length - (untouched - head)));
      // what went is at most one value; it never holds a comment or a further line, unless quotes do
      if (!/^["']|["']$/.test(gone)) expect(gone).not.toMatch(/[\n\r]/);
      expect(edit(after, one(key, value))).toEqual(Buffer.from(after));
      // with the same name a second value goes where the first went
      expect(edit(edit(bytes, one(key, 'x')), one(key, value))).toEqual(Buffer.from(after));
    }),
    { numRuns: cases(500) },
  );
});

test('bytes that are no UTF-8 survive', () => {
  const before = Buffer.from([0x23, 0xe9, 0xff, 0x0a, 0x4b, 0x3d, 0x31, 0x0a]);
  const after = edit(before, one('K', '\u00fc'));
  expect([...after]).toEqual([0x23, 0xe9, 0xff, 0x0a, 0x4b, 0x3d, 0xc3, 0xbc, 0x0a]);
});

test('a file of a megabyte is edited in one go', () => {
  const before = `${'A=1\n'.repeat(250_000)}${' '.repeat(40_000)}\n`;
  expect(edited(before).length).toBe(before.length + '\n# why\nK=new\n'.length);
});

function common(one: Uint8Array, other: Uint8Array): number {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1;
  return length;
}
