import { describe, expect, it } from 'vitest';
import type { Dialects } from '../../src/env-file/loader.js';
import { loaderFor, loaderNames, newest } from '../../src/env-file/loader.js';
import fc from '../support/fast-check.js';
import { cases } from '../support/seed.js';
import { corpus, named } from './corpus.js';

const dialects: readonly Dialects[] = [newest, { node: 'classic', python: 'older', docker: 'kept' }];

describe('what the writing rule writes', () => {
  // letters, digits, - and _; NAME=value; LF; no byte order mark, no quotes, nothing else on the line
  const value = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
  const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/).filter((each) => each !== 'HOME');

  it('every loader reads back, in each of its releases', () => {
    const property = fc.property(fc.dictionary(name, value, { minKeys: 1, maxKeys: 8 }), (variables) => {
      const text = Object.entries(variables)
        .map(([key, each]) => `${key}=${each}\n`)
        .join('');
      for (const loader of loaderNames) {
        for (const dialect of dialects) {
          const { load, spelled } = loaderFor(loader, dialect);
          const { settings } = load([{ path: '', text, invalidAt: null }], {});
          for (const [key, each] of Object.entries(variables))
            expect([loader, settings.get(spelled(key))?.value?.reveal()]).toEqual([loader, each]);
        }
      }
    });
    fc.assert(property, { numRuns: cases(200) });
  });

  it('is needed: one character more, and some loader reads something else', () => {
    for (const mark of ['#', '$A', '`', '"', "'", '\\n', ' #', ';', '&']) {
      const text = `K=abc${mark}def\n`;
      const read = loaderNames.map((loader) => {
        const { load, spelled } = loaderFor(loader);
        return load([{ path: '', text, invalidAt: null }], {})
          .settings.get(spelled('K'))
          ?.value?.reveal();
      });
      expect([mark, new Set(read).size > 1]).toEqual([mark, true]);
    }
  });
});

describe('where an assignment stands', () => {
  it('is where its name and its value are written, in every reader', () => {
    const wrong: string[] = [];
    let looked = 0;
    for (const text of corpus(7, 400).map((each) => named(each))) {
      for (const loader of loaderNames) {
        const { files } = loaderFor(loader).load([{ path: '', text, invalidAt: null }], { HOME: '/home/x' });
        for (const { name, nameAt, valueAt, undecided } of files.flatMap(({ reading }) => reading.assignments)) {
          if (undecided === 'unmodelled') continue;
          looked += 1;
          // a carriage return within a name is dropped by the reader; quotes around it belong to it
          const there = text.slice(nameAt.start, nameAt.end).replaceAll('\r', '').includes(name);
          const behind = nameAt.end <= valueAt.start && valueAt.start <= valueAt.end && valueAt.end <= text.length;
          if (!there || !behind) wrong.push(`${loader}: ${JSON.stringify(text)}: ${name}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(looked).toBeGreaterThan(30_000);
  });
});
