// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of env files, not templates

import { describe, expect, test } from 'vitest';
import { loaderFor, loaderNames } from '../../src/env-file/loader.js';
import { spell } from '../../src/env-file/spell.js';
import fc from '../support/fast-check.js';
import { cases } from '../support/seed.js';
import { realLoader } from './real/loaders.js';

/** What people have in secrets and URLs, and what loaders stumble over. */
const known = [
  'abc_DEF-09',
  'a7f3c8b2e1d9f4a6c3b8e7d2f9a4c1b3e6d8f2a9c4b7e1d3f8a2c6b9e4d7f1a3',
  'postgresql://u:p%40ss@ep-x.neon.tech/app?sslmode=require&channel_binding=require',
  'postgresql+asyncpg://u:p@h:5432/db?ssl=require',
  'postgresql://u:p$ecret!(x)*~@h/db',
  '["http://localhost:3000","https://x.example"]',
  'a#b',
  'a #b',
  'a$b',
  'a$$b',
  'a${b}c',
  'a$1',
  "it's",
  'a"b',
  'a\\b',
  'a\\nb',
  'a\\',
  ' a ',
  'p$1 #`x`',
  '$(touch x)',
  "1u8h: $[b'",
  '$[1+1]',
  '$X',
  'a${X}$XX',
  '$K',
  'ü€',
  'a;b|c&d',
  '~',
  '%20+',
  '=',
  '"quoted"',
  "'quoted'",
];
const random = fc.sample(fc.stringMatching(/^[!-~][ -~]{0,30}[!-~]$/), { numRuns: cases(200) });
const values = [...known, ...random];

describe('what is written is what the real loader reads', () => {
  for (const name of loaderNames) {
    const real = realLoader(name);
    if (typeof real === 'string') {
      test.skip(`${name}: ${real}`, () => {});
      continue;
    }
    test(`${name}: ${real.release}`, { timeout: 120_000 }, async () => {
      const spelled = values.flatMap((value) => {
        const as = spell(value, name);
        return as === null ? [] : [{ value, as }];
      });
      // a private character stands for the name in the corpus of the readers; the line below must not be swallowed
      const answers = await real.ask(
        spelled.map(({ as }) => `\ue000K=${as}\n\ue000J=after\n`),
        {},
      );
      // `undefined`: its harness cannot ask this one
      expect(answers.filter((answer) => answer === undefined).length).toBeLessThan(spelled.length / 3);
      const wrong = spelled.flatMap(({ value, as }, i) => {
        if (answers[i] === undefined) return [];
        const answer = Object.fromEntries(
          Object.entries(answers[i] ?? {}).map(([key, read]) => [key.replace('\ue000', '').toUpperCase(), read]),
        );
        return answer.K === value && answer.J === 'after' ? [] : [{ value, as, answer }];
      });
      expect(wrong).toEqual([]);
      // and hardly anything is given up on
      expect(spelled.length).toBeGreaterThan(values.length * 0.6);
    });
  }
});

test('letters, digits, - and _ are written bare: the one form that all read alike', () => {
  for (const name of loaderNames) {
    expect(spell('abc_DEF-09', name)).toBe('abc_DEF-09');
    const file = { path: '', text: 'X=abc_DEF-09\n', invalidAt: null };
    const [only] = [...loaderFor(name).load([file], {}).settings.values()];
    expect(only?.value?.reveal()).toBe('abc_DEF-09');
  }
});

test('of the spellings that its loader reads, the one that most others read alike is taken', () => {
  expect(spell('postgresql://h/db?a=1&b=2', 'dotenv')).toBe("'postgresql://h/db?a=1&b=2'");
  // docker keeps quotes
  expect(spell('postgresql://h/db?a=1&b=2', 'docker')).toBe('postgresql://h/db?a=1&b=2');
  expect(spell('a$b', 'next')).toBe('"a\\$b"');
});

test('a value that a loader cannot read from any file is told, not mangled', () => {
  expect(spell('a\nb', 'docker')).toBeNull();
});
