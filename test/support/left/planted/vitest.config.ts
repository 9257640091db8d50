import { defineConfig } from 'vitest/config';

/** What the tests of this project are run with, for files that leave something: `left.test.ts` says which. */
export default defineConfig({
  test: {
    include: ['*.planted.ts'],
    globalSetup: ['../of-run.ts'],
    setupFiles: ['../of-file.ts'],
    pool: 'forks',
    maxWorkers: 2,
    provide: { looks: 100 },
  },
});
