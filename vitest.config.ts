import { defineConfig } from 'vitest/config';
import { checksIndex } from './checks-index.js';
import { migrationHashes } from './migration-hashes.js';
import { rulesIndex } from './rules-index.js';

export default defineConfig({
  plugins: [checksIndex(), rulesIndex(), migrationHashes()],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // two cores, and many tests start servers of their own
    maxWorkers: 2,
    // of tests that say that they may run side by side: most of those wait
    maxConcurrency: 16,
  },
});
