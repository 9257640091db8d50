// How much of the client a browser has to load: bundled, minified, compressed; and that none of it is Node's.
import { isBuiltin } from 'node:module';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const goal = 8 * 1024;

/** The bundle of what a browser application imports, and the Node modules that it would want. */
export async function browserBundle(entry = new URL('../src/client/index.ts', import.meta.url).pathname) {
  const imports = new Set();
  const bundle = await rolldown({
    input: 'browser-application',
    platform: 'browser',
    plugins: [
      {
        name: 'application',
        resolveId(id) {
          if (id === 'browser-application') return id;
          if (isBuiltin(id)) imports.add(id);
          return null;
        },
        load(id) {
          if (id !== 'browser-application') return null;
          // refresh, streams and sockets all hang on the client itself
          return `export { createAuthClient, tokenEndpoint } from ${JSON.stringify(entry)};`;
        },
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  const code = output[0].code;
  return { code, minified: Buffer.byteLength(code), gzip: gzipSync(code, { level: 9 }).length, imports: [...imports] };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { minified, gzip, imports } = await browserBundle();
  console.log(`lockstep/client for browsers: ${minified} bytes minified, ${gzip} gzip (goal < ${goal})`);
  console.log(`Node modules: ${imports.join(', ') || 'none'}`);
  if (gzip >= goal || imports.length > 0) process.exitCode = 1;
}
