import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { mutants } from './client.js';

const root = resolve(import.meta.dirname, '../..');
const number = Number(process.env.LOCKSTEP_MUTANT ?? -1);

/** Plants one mutant while the sources are loaded; no file is touched. */
export default defineConfig({
  root,
  plugins: [
    {
      name: 'plant-mutant',
      enforce: 'pre',
      transform(code, id) {
        const mutant = mutants[number];
        if (!mutant) return null;
        let planted = code;
        for (const { file, find, put } of mutant.plants)
          if (id === resolve(root, 'src/client', file)) planted = planted.replace(find, () => put);
        return planted === code ? null : { code: planted, map: null };
      },
    },
  ],
  test: {
    include: ['test/client/**/*.test.ts'],
    pool: 'threads',
    testTimeout: 20_000,
    maxWorkers: 1,
    fileParallelism: false,
  },
});
