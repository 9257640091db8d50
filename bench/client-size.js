// How much of the client a browser has to load: bundled, minified, compressed; and that none of it is Node's.
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const entry = fileURLToPath(new URL('../src/client/index.ts', import.meta.url));
const goal = 8 * 1024;
// what it has grown to; beyond this something has crept in
const budget = 12 * 1024;

/** The bundle of an application that imports these names, and the Node modules that it would want. */
export async function browserBundle(...names) {
  const imports = new Set();
  const bundle = await rolldown({
    input: 'application',
    platform: 'browser',
    plugins: [
      {
        name: 'application',
        resolveId(id) {
          if (isBuiltin(id)) imports.add(id);
          return id === 'application' ? id : null;
        },
        load: (id) => (id === 'application' ? `export { ${names.join(', ')} } from ${JSON.stringify(entry)};` : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  const { code } = output[0];
  return { code, minified: Buffer.byteLength(code), gzip: gzipSync(code, { level: 9 }).length, imports: [...imports] };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // refresh, streams and sockets all hang on the client itself
  const { minified, gzip, imports } = await browserBundle('createAuthClient');
  console.log(
    `lockstep/client for browsers: ${minified} bytes minified, ${gzip} gzip (goal < ${goal}, budget < ${budget})`,
  );
  console.log(`Node modules: ${imports.join(', ') || 'none'}`);
  if (gzip >= budget || imports.length > 0) process.exitCode = 1;
}
