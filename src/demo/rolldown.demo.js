/**
 * The demo's processes, one entry each, into dist/demo. Everything under node_modules stays outside: Better Auth, Next's
 * env loader and the rest run as they are published.
 */
export default {
  input: {
    auth: 'src/demo/auth/main.ts',
    api: 'src/demo/api/main.ts',
    database: 'src/demo/database/main.ts',
    'build-archive': 'src/demo/database/build.ts',
  },
  platform: 'node',
  external: /^[^./]/,
  moduleTypes: { '.html': 'text' },
  output: {
    dir: 'dist/demo',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    cleanDir: false,
  },
};
