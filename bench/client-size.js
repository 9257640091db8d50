// How much of the client a browser has to load: bundled, minified, compressed; and that none of it is Node's.
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const entry = fileURLToPath(new URL('../src/client/index.ts', import.meta.url));
const goal = 8 * 1024;

/** What applications import, and the bytes of gzip that it may cost: docs/decisions/024-size-of-the-client.md. */
const compositions = [
  { what: 'refresh', names: ['createAuthCore'], most: 4_864 },
  { what: 'refresh + streams', names: ['createAuthCore', 'streamsOf'], most: 6_656 },
  { what: 'refresh + sockets', names: ['createAuthCore', 'socketsOf'], most: 8_960 },
  { what: 'refresh + streams + sockets', names: ['createAuthClient'], most: 10_496 },
];

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
  console.log(`lockstep/client for browsers, bytes of gzip (goal: under ${goal})`);
  for (const { what, names, most } of compositions) {
    const { minified, gzip, imports } = await browserBundle(...names);
    console.log(
      `${what}: ${gzip} of at most ${most}, ${minified} minified, Node modules: ${imports.join(', ') || 'none'}`,
    );
    if (gzip >= most || imports.length > 0) process.exitCode = 1;
  }
}
