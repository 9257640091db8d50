import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import config from '../../rolldown.config.js';

/** Before any test: the program and the demo's processes as the sources are now, so that no test runs an older build. */
export default async function setup(): Promise<void> {
  const made: Record<string, string[]> = {};
  for (const { output, ...input } of config) {
    const bundle = await rolldown(input);
    const { output: files } = await bundle.write(output);
    if (output.dir === 'dist/cli') {
      for (const file of files) if (file.type === 'chunk') made[file.fileName] = modulesOf(file.modules);
    }
    await bundle.close();
  }
  writeFileSync('dist/build/chunks.json', JSON.stringify(made));
  const steps = ['demo/build-archive', 'build/write-schema', 'build/write-starts', 'build/write-sbom'];
  for (const step of steps) execFileSync(process.execPath, [`dist/${step}.js`], { stdio: 'inherit' });
}

/** The modules of which something is left in a chunk, from the root of the repository. */
function modulesOf(modules: Readonly<Record<string, { readonly renderedLength: number }>>): string[] {
  return Object.entries(modules)
    .filter(([, { renderedLength }]) => renderedLength > 0)
    .map(([id]) => path.relative('.', id));
}
