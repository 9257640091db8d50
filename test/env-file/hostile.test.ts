// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of env files, not templates
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linesIn, mostLines, withinLines } from '../../src/env-file/decode.js';
import { loaderFor, loaderNames } from '../../src/env-file/loader.js';
import fc from '../support/fast-check.js';
import { look } from './halves/scene.js';

const much = 256 * 1024;
const hostile: Readonly<Record<string, string>> = {
  'nothing but newlines': '\n'.repeat(much),
  'nothing but spaces': ' '.repeat(much),
  'one endless line': `K=${'a'.repeat(much)}`,
  'an open quote on each line': "K='a\n".repeat(much / 5),
  'escaped quotes without end': `K="${'\\"'.repeat(much / 2)}`,
  'one name again and again': 'K=a\n'.repeat(much / 4),
  'many names': Array.from({ length: much / 16 }, (_, i) => `KEY_${i}=value`).join('\n'),
  'references to each other': Array.from({ length: much / 64 }, (_, i) => `K${i}=\${K${i + 1}}`).join('\n'),
  backslashes: `K=${'\\'.repeat(much)}`,
  hashes: `K=a${' #'.repeat(much / 2)}`,
  'carriage returns': 'K=a\r'.repeat(much / 4),
  colons: 'K:\n'.repeat(much / 3),
  'dollars in one value': `K=${'$'.repeat(4096)}`,
};

describe('a file that wants to keep its reader busy', () => {
  // whatever is quadratic here takes hours
  it.each(Object.keys(hostile))('%s', { timeout: 60_000 }, (what) => {
    const file = { path: '', text: hostile[what] as string, invalidAt: null };
    for (const name of loaderNames) expect(loaderFor(name).load([file], {}).settings.size).toBeGreaterThanOrEqual(0);
  });

  it('is given up where a variable grows by referring to itself', () => {
    const file = { path: '', text: 'SAFE=1\nK=x${K}\n', invalidAt: null };
    expect(loaderFor('next').load([file], {}).files[0]?.reading.troubles).toEqual([
      { at: 9, what: 'endless-expansion', loses: 'file' },
    ]);
    expect(loaderFor('dotenv-expand').load([file], {}).settings.get('K')?.undecided).toBe('endless');
  });
});

describe('a file whose every line doubles the one above it', () => {
  const text = Array.from({ length: 40 }, (_, n) => `K${n + 1}=\${K${n}}\${K${n}}`).join('\n');
  // one that expands nothing reads what is written
  it.each(loaderNames)('does not fill the memory of %s', (name) => {
    const { settings } = loaderFor(name).load([{ path: '', text: `K0=0123456789\n${text}\n`, invalidAt: null }], {});
    const sizes = [...settings.values()].map(({ value }) => value?.length ?? 0);
    expect(Math.max(...sizes)).toBeLessThan(4 * 1024 * 1024);
  });

  it.each(['bash', 'compose', 'python-dotenv'] as const)('leaves open in %s what nobody can hold', (name) => {
    const { settings } = loaderFor(name).load([{ path: '', text: `K0=0123456789\n${text}\n`, invalidAt: null }], {});
    expect(settings.get('K16')?.value).toHaveLength(10 * 2 ** 16);
    expect(settings.get('K17')?.undecided).toBe('endless');
    expect(settings.get('K20')).toMatchObject({ value: null, undecided: expect.any(String) });
  });
});

describe('a file whose many lines refer to one long value', () => {
  const text = `A=${'x'.repeat(much)}\n${Array.from({ length: 4_000 }, (_, n) => `B${n}=\${A}`).join('\n')}\n`;
  it.each(loaderNames)('does not fill the memory of %s', (name) => {
    const { settings } = loaderFor(name).load([{ path: '', text, invalidAt: null }], {});
    const sizes = [...settings.values()].map(({ value }) => value?.length ?? 0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(6 * 1024 * 1024);
  });

  it.each(['vite', 'dotenv-expand', 'python-dotenv', 'pydantic-settings', 'bash', 'compose'] as const)(
    'is read by %s as far as it goes, and left open beyond',
    (name) => {
      const { settings } = loaderFor(name).load([{ path: '', text, invalidAt: null }], {});
      const spelled = loaderFor(name).spelled;
      expect(settings.get(spelled('B0'))?.value).toHaveLength(much);
      expect(settings.get(spelled('B3999'))).toMatchObject({ value: null, undecided: 'endless' });
    },
  );
});

describe('a line of more words than anybody follows', () => {
  it.each([
    ['assignments', 'A= '.repeat(20_000)],
    ['commands that are none', 'a;'.repeat(20_000)],
    ['what may be an assignment', `if true; then\n${Array.from({ length: 20_000 }, (_, n) => `A${n}=`).join(' ')}\nfi`],
  ])('%s: bash is not taken to read it', (_, text) => {
    const { settings, files } = loaderFor('bash').load([{ path: '', text: `K=1\n${text}`, invalidAt: null }], {});
    expect(settings.size).toBe(0);
    expect(files[0]?.reading.troubles).toEqual([{ at: 0, what: 'too-many-words', loses: 'file' }]);
  });
});

describe('a quoted value whose lines begin with quotes', () => {
  const original = /^(['"`])([\s\S]*)\1$/gm;
  const pieces = fc.array(fc.constantFrom("'", '"', '`', 'a', ' ', '\n', '\r', '\u2028', '\\'), { maxLength: 24 });
  it('loses those that dotenv takes off', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const inside = parts.join('').replaceAll('`', '').replaceAll('\r', '').trim();
        const { settings } = loaderFor('dotenv').load([{ path: '', text: `K=\`${inside}\``, invalidAt: null }], {});
        expect(settings.get('K')?.value?.reveal()).toBe(`\`${inside}\``.replace(original, '$2'));
      }),
    );
  });
});

describe('how much of a file is read', () => {
  it.each([
    ['newlines', '\n'],
    ['carriage returns', '\r'],
    ['both', '\r\n'],
    ['line separators', '\u2028'],
    ['paragraph separators', '\u2029'],
  ])('is %s counted, and no more than so many', (_, end) => {
    const file = (lines: number) =>
      ({ kind: 'file', bytes: Buffer.from(`A=1${end}`.repeat(lines)), mode: 0o600, linked: false }) as const;
    expect(linesIn(file(mostLines).bytes)).toBe(mostLines);
    expect(withinLines(file(mostLines))).toMatchObject({ kind: 'file' });
    expect(withinLines(file(mostLines + 1))).toMatchObject({ kind: 'too-large', inLines: true });
  });
});

describe('a checkout whose file has something wrong on each line', () => {
  // the place of each would take as long as the file: together, hours
  it.each([
    ['quotes that stay open', "K='a\n"],
    ['no names', '=\n'],
  ])('%s: told as far as anybody reads', { timeout: 60_000 }, (_, line) => {
    const text = line.repeat(much / line.length);
    const results = look({ frontend: { files: { '.env.local': text } }, backend: { files: { '.env': text } } });
    const findings = results.flatMap((result) => result.findings);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.length).toBeLessThan(250);
    expect(JSON.stringify(findings)).toContain('more of such places');
  });
});

describe('a file that wants to be run', () => {
  it('runs nothing, in any reader', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-inert-'));
    try {
      const mark = join(folder, 'ran');
      const text = `A=$(touch ${mark})\nB=\`touch ${mark}\`\nC="$(touch ${mark})"\ntouch ${mark}\nD=a; touch ${mark}\n`;
      const file = { path: '', text, invalidAt: null };
      for (const name of loaderNames) loaderFor(name).load([file], {});
      expect(existsSync(mark)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
