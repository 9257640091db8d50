import type { BuildOptions } from 'rolldown';

/**
 * The demo's processes, one entry each, into dist/demo. What is under node_modules stays outside: Better Auth, Next's
 * env loader and the rest run as they are published. All but Kysely: as a hundred small files it takes 0.1 s to load, and
 * two of the processes would wait for it.
 */
export default {
  input: {
    auth: 'src/demo/auth/main.ts',
    api: 'src/demo/api/main.ts',
    python: 'src/demo/python/main.ts',
    database: 'src/demo/database/main.ts',
    edge: 'src/demo/edge/main.ts',
    'build-archive': 'src/demo/database/build.ts',
    // for bench/database.js
    archive: 'src/demo/database/archive.ts',
  },
  platform: 'node',
  external: (id: string) => /^[^./]/.test(id) && id !== 'kysely',
  moduleTypes: { '.html': 'text', '.py': 'text' },
  output: {
    dir: 'dist/demo',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    cleanDir: false,
  },
} satisfies BuildOptions;
