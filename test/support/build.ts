import { execFileSync } from 'node:child_process';
import { rolldown } from 'rolldown';
import demo from '../../src/demo/rolldown.demo.js';

/** Before any test: the demo's processes as the sources are now, so that no test runs against an older build. */
export default async function setup(): Promise<void> {
  const { output, ...input } = demo;
  const bundle = await rolldown(input);
  await bundle.write(output);
  await bundle.close();
  execFileSync(process.execPath, ['dist/demo/build-archive.js'], { stdio: 'inherit' });
}
