import { defineConfig } from 'vitest/config';
import { checksIndex } from './checks-index.js';
import { migrationHashes } from './migration-hashes.js';
import { rulesIndex } from './rules-index.js';
import { LongestFirst } from './test/support/longest-first.js';

/** Tests that start nothing and keep nothing: they share a process, which spares each of them loading everything anew. */
const pure = ['test/checks/**/*.test.ts', 'test/core/**/*.test.ts', 'test/rules/**/*.test.ts'];

/**
 * What no version of Node makes different, and takes its time: kill points, properties of texts and of states, a thousand
 * secrets each of which is told nothing about, and loaders that do not run in Node. `--mode portable`, which asks whether
 * another version will do, leaves it out.
 */
const alike = [
  'test/checkout/**',
  'test/**/{killed,kill-points,properties,*.property,model,orders,secrecy,bits,elsewhere}.test.ts',
];
const left = (mode: string) => (mode === 'portable' ? alike : []);

export default defineConfig(({ mode }) => ({
  plugins: [checksIndex(), rulesIndex(), migrationHashes()],
  test: {
    projects: [
      { extends: true, test: { name: 'pure', include: pure, exclude: left(mode), isolate: false } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: [...pure, ...left(mode)],
          globalSetup: ['test/support/build.ts'],
        },
      },
    ],
    globalSetup: ['test/support/choose-seed.ts', 'test/support/left/of-run.ts'],
    setupFiles: ['test/support/left/of-file.ts'],
    pool: 'forks',
    // for what never ends, and far beyond what anything takes: a machine that is busy, or stands still, is no mistake
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: LongestFirst },
    // two cores, and many tests start servers of their own
    maxWorkers: 2,
    // of tests that say that they may run side by side: most of those wait
    maxConcurrency: 16,
  },
}));
