import type { BuildOptions, Plugin } from 'rolldown';
import { checksIndex } from './checks-index.js';
import { lateBuiltins } from './late-builtins.js';
import { lateChunks } from './late-chunks.js';
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

/**
 * tough-cookie holds each host against an expression for IPv6 that V8 takes longer to compile than a session cookie takes to
 * travel; what has no colon is none.
 */
const colonsFirst: Plugin = {
  name: 'lockstep-colons-first',
  transform(code, id) {
    if (!/[\\/]node_modules[\\/]tough-cookie[\\/]/.test(id)) return null;
    const tried = /\bIP_V6_REGEX_OBJECT\.test\((str|hostname)\)/g;
    if (code.match(tried)?.length !== 2) throw new Error(`${id} no longer tries IPv6 where it did`);
    return code.replaceAll(tried, '$1.includes(":") && $&');
  },
};

const config = [
  {
    // the program: CommonJS starts sooner than ESM, and each command and library is a chunk of its own
    input: { lockstep: 'src/entry.ts' },
    platform: 'node',
    plugins: [
      checksIndex(),
      rulesIndex(),
      migrationHashes(),
      withoutSubprocesses,
      colonsFirst,
      lateBuiltins(),
      lateChunks(),
    ],
    // jsonc-parser's CommonJS form cannot be bundled
    resolve: { mainFields: ['module', 'main'] },
    output: {
      dir: 'dist/cli',
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name]-[hash].cjs',
      cleanDir: true,
      // each file costs half a millisecond at a start: what is needed together is one, and nothing else is in it.
      // A group draws in what its modules import, unless a group of higher priority has it
      codeSplitting: {
        groups: [
          {
            name: 'core',
            priority: 4,
            test: /package\.json$|src\/(core\/(errors|exit|own-words|redact|secret|spellings|visible|workflow-command)|commands\/command|io\/once)\.ts$/,
          },
          // what most commands share, and which needs no package
          {
            name: 'plain',
            priority: 3,
            test: /src\/(core\/(nearest|style|report)|report\/text|io\/coloured|commands\/(plain-flags|deadline)|config\/load|env-file\/loader-name|token\/duration)\.ts$/,
          },
          {
            name: 'loaders',
            priority: 2,
            test: /src\/env-file\/(?!halves\/|edit|spell|git-index|mend|strength|loader-name)/,
          },
          // what checks and `explain` use of the tables, without a driver
          { name: 'schema', priority: 2, test: /src\/auth-schema\/(sql|problems)\.ts$/ },
          // how anything outside is reached; drivers of databases ask it for addresses alone
          { name: 'dial', priority: 2, test: /src\/io\/(addresses|dial|limits|unreachable)\.ts$/ },
          // what looks at the env files of both halves
          {
            name: 'halves',
            priority: 2,
            test: /src\/(env-file\/(halves\/|git-index|strength)|commands\/env\/(look|services|options|examine)|config\/plain-services)/,
          },
          // all but the parser of lockstep.json, which few files need; and what the URL of a database says
          {
            name: 'config',
            priority: 2,
            test: /src\/(config\/(?!plain-services|load|parse|schema|kinds|keys|document|tokens|violations|excerpt)|io\/db\/url|commands\/database-tls)/,
          },
          {
            name: 'token',
            priority: 1,
            test: /src\/(token\/(json|read|key|signature|secrets|jwks-row)|commands\/(reach|token\/(brief|options|input|where|secret-sources)))\.ts$/,
          },
          // the list of public suffixes, ten thousand labels: a cookie jar asks it where it meets a name under one
          { name: 'suffixes', priority: 2, test: /node_modules\/tldts/ },
          // what every verb of migrate needs, without Kysely
          {
            name: 'migrate',
            test: /src\/(io\/db|auth-schema|report\/migrate|commands\/migrate\/(session|options|carry-out|consent|steps|foreign|up))/,
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
    // the steps of the build that write schema.json and what makes the program start fast, and `npm run docs`
    input: {
      'write-schema': 'src/write-schema.ts',
      'write-starts': 'src/write-starts.ts',
      'write-sbom': 'src/write-sbom.ts',
      'write-docs': 'src/write-docs.ts',
    },
    platform: 'node',
    plugins: [checksIndex(), rulesIndex()],
    resolve: { mainFields: ['module', 'main'] },
    output: { dir: 'dist/build', format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
  },
] satisfies BuildOptions[];

export default config;
