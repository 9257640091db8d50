import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** One module of src/ as a CommonJS file that a child process can require. The caller removes the folder. */
export async function bundle(module: string): Promise<{ readonly folder: string; readonly file: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bundle-'));
  const file = join(folder, 'module.cjs');
  const input = fileURLToPath(new URL(`../../src/${module}`, import.meta.url));
  const built = await rolldown({ input, platform: 'node' });
  await built.write({ file, format: 'cjs', codeSplitting: false });
  await built.close();
  return { folder, file };
}

/** One module of test/ as the script of a page, as an application's production or development build makes it. */
export async function pageScript(module: string, mode: 'production' | 'development'): Promise<string> {
  const input = fileURLToPath(new URL(`../${module}`, import.meta.url));
  const built = await rolldown({
    input,
    platform: 'browser',
    transform: { define: { 'process.env.NODE_ENV': JSON.stringify(mode) } },
  });
  const { output } = await built.generate({ format: 'iife', minify: mode === 'production' });
  await built.close();
  return output[0].code;
}
