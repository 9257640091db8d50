import { execFileSync } from 'node:child_process';
import { rolldown } from 'rolldown';
import config from '../../rolldown.config.js';

/** Before any test: the program and the demo's processes as the sources are now, so that no test runs an older build. */
export default async function setup(): Promise<void> {
  for (const { output, ...input } of config) {
    const bundle = await rolldown(input);
    await bundle.write(output);
    await bundle.close();
  }
  for (const step of ['dist/demo/build-archive.js', 'dist/build/write-schema.js']) {
    execFileSync(process.execPath, [step], { stdio: 'inherit' });
  }
}
