import { defineConfig } from 'rolldown';
import { checksIndex } from './checks-index.js';
import demo from './src/demo/rolldown.demo.js';

export default defineConfig([
  {
    // the program: CommonJS starts sooner than ESM, and each command and library is a chunk of its own
    input: { lockstep: 'src/entry.ts' },
    platform: 'node',
    plugins: [checksIndex()],
    // jsonc-parser's CommonJS form cannot be bundled
    resolve: { mainFields: ['module', 'main'] },
    output: {
      dir: 'dist/cli',
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name]-[hash].cjs',
      cleanDir: true,
      minify: { mangle: false, compress: true, codegen: { removeWhitespace: false } },
    },
  },
  demo,
]);
