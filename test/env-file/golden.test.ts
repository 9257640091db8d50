import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { LoaderName } from '../../src/env-file/loader.js';
import { loaderNames } from '../../src/env-file/loader.js';
import { askable, compare, dialectsOf } from './compare.js';
import { corpus, environment } from './corpus.js';
import type { Answer } from './real/loaders.js';
import { realLoader } from './real/loaders.js';

/** What a release made of each of the recorded files; null: it refused it, 'unasked': it could not be asked. */
interface Recording {
  readonly loader: LoaderName;
  readonly release: string;
  readonly answers: readonly [text: string, answer: Answer | 'unasked'][];
}

const folder = fileURLToPath(new URL('golden/', import.meta.url));

// LOCKSTEP_RECORD=python-dotenv,starlette npx vitest run test/env-file/golden.test.ts
const wanted = process.env.LOCKSTEP_RECORD?.split(',') ?? [];
describe.runIf(wanted.length > 0)('recording', () => {
  for (const loader of loaderNames.filter((name) => wanted.includes(name))) {
    it(`records what ${loader} reads`, { timeout: 120_000 }, async () => {
      const real = realLoader(loader);
      if (typeof real === 'string') throw new Error(real);
      const all = corpus(20, 260);
      // all the whole files and random ones, every fifth of the tabled
      const some = all.filter((_, i) => i < 90 || i >= all.length - 260 || i % 5 === 0);
      const cases = askable(loader, dialectsOf(real.release), some);
      const answers = await real.ask(cases, environment);
      const lines = cases.map((text, i) => JSON.stringify([text, answers[i] === undefined ? 'unasked' : answers[i]]));
      mkdirSync(folder, { recursive: true });
      const file = `${real.release.replaceAll(/[^A-Za-z0-9.-]+/g, '_').replace(/_+$/, '')}.json`;
      const head = `{ "loader": ${JSON.stringify(loader)}, "release": ${JSON.stringify(real.release)}, "answers": [`;
      writeFileSync(`${folder}${file}`, `${head}\n${lines.join(',\n')}\n] }\n`);
      expect(lines.length).toBeGreaterThan(500);
    });
  }
});

describe('the readers against recorded answers of real loaders', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  it('has recordings of loaders that this machine may not have', () => {
    expect(files.length).toBeGreaterThanOrEqual(7);
  });
  for (const file of files) {
    it(`reads as recorded in ${file}`, () => {
      const { loader, release, answers } = JSON.parse(readFileSync(folder + file, 'utf8')) as Recording;
      const cases = answers.map(([text]) => text);
      const real = answers.map(([, answer]) => (answer === 'unasked' ? undefined : answer));
      const { agreed, differences } = compare(loader, dialectsOf(release), cases, real);
      expect(differences).toEqual([]);
      expect(agreed).toBeGreaterThan(cases.length / 3);
    });
  }
});
