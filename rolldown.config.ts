import type { BuildOptions, Plugin } from 'rolldown';
import { checksIndex } from './checks-index.js';
import { migrationHashes } from './migration-hashes.js';
import { rulesIndex } from './rules-index.js';
import demo from './src/demo/rolldown.demo.js';

/** commander loads it for commands that are programs of their own, which lockstep has none of: 2 ms at every start. */
const withoutSubprocesses: Plugin = {
  name: 'lockstep-without-subprocesses',
  resolveId: (id, importer = '') =>
    id === 'node:child_process' && /[\\/]node_modules[\\/]commander[\\/]/.test(importer) ? '\0no-subprocesses' : null,
  load: (id) => (id === '\0no-subprocesses' ? 'module.exports = {};' : null),
};

const config = [
  {
    // the program: CommonJS starts sooner than ESM, and each command and library is a chunk of its own
    input: { lockstep: 'src/entry.ts' },
    platform: 'node',
    plugins: [checksIndex(), rulesIndex(), migrationHashes(), withoutSubprocesses],
    // jsonc-parser's CommonJS form cannot be bundled
    resolve: { mainFields: ['module', 'main'] },
    output: {
      dir: 'dist/cli',
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name]-[hash].cjs',
      cleanDir: true,
      // what every start needs is one file: each further one costs half a millisecond
      codeSplitting: {
        groups: [
          { name: 'core', test: /package\.json$|src\/(core\/(errors|exit|redact|secret)|commands\/command)\.ts$/ },
          // what every verb of migrate needs, without Kysely
          {
            name: 'migrate',
            test: /src\/(io\/db|auth-schema|report\/migrate|config\/(database|host)|commands\/migrate\/(session|options|carry-out|consent|steps|foreign|up))/,
          },
        ],
      },
      minify: { mangle: false, compress: true, codegen: { removeWhitespace: false } },
    },
  },
  demo,
  {
    // what applications import: ESM, no Node but where the name says so
    input: {
      client: 'src/client/index.ts',
      'client-node': 'src/client-node/index.ts',
      react: 'src/react/index.ts',
      token: 'src/token/index.ts',
    },
    platform: 'neutral',
    external: [/^node:/, 'react'],
    output: {
      dir: 'dist/lib',
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      cleanDir: true,
    },
  },
  {
    // the step of the build that writes schema.json
    input: { 'write-schema': 'src/write-schema.ts' },
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    output: { dir: 'dist/build', format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
  },
] satisfies BuildOptions[];

export default config;
