import type { BuildOptions } from 'rolldown';
import { checksIndex } from '../../checks-index.js';
import { migrationHashes } from '../../migration-hashes.js';
import { rulesIndex } from '../../rules-index.js';

/** The matrix as one program, the command and its checks in it: it shuffles the very list that the command reads. */
export default {
  input: { 'kill-matrix': 'test/kill-matrix/run.ts', outages: 'test/outages/run.ts' },
  platform: 'node',
  external: (id: string) => /^[^./\0]/.test(id) && !id.startsWith('virtual:'),
  plugins: [checksIndex(), rulesIndex(), migrationHashes()],
  output: { dir: 'dist/test', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
} satisfies BuildOptions;
