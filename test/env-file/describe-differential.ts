import { describe, expect, it } from 'vitest';
import type { LoaderName } from '../../src/env-file/loader.js';
import { seed } from '../support/seed.js';
import { askable, compare, dialectsOf } from './compare.js';
import { environment } from './corpus.js';
import { realLoader } from './real/loaders.js';

/** Holds the readers of these loaders against the real ones, a test each. */
export function describeDifferential(names: readonly LoaderName[], cases: readonly string[]): void {
  describe(`the readers against the real loaders, ${cases.length} files, LOCKSTEP_SEED=${seed}`, () => {
    for (const name of names) {
      const real = realLoader(name);
      if (typeof real === 'string') {
        it.skip(`${name}: ${real}`, () => {});
        continue;
      }
      it(`${name} reads as ${real.release} does`, { timeout: 120_000 }, async () => {
        const dialects = dialectsOf(real.release);
        const asked = askable(name, dialects, cases);
        const answers = await real.ask(asked, environment);
        const { agreed, open, unasked, differences } = compare(name, dialects, asked, answers);
        if (process.env.LOCKSTEP_VERBOSE)
          process.stderr.write(
            `${name}: agreed ${agreed}, not asked ${cases.length - asked.length}, beyond it ${unasked}, open ${JSON.stringify(open)}\n`,
          );
        expect(differences.slice(0, Number(process.env.LOCKSTEP_SHOW ?? 20))).toEqual([]);
        expect(agreed).toBeGreaterThan(cases.length / 3);
      });
    }
  });
}
