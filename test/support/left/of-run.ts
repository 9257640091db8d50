import { readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { takeAway, temporary } from './left.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** the temporary folder of this run of a project, in which each file has its own */
    temporary: string;
    /** for how many looks something may be there still, where that is not the usual number */
    looks?: number;
  }
}

/**
 * Before any test: one temporary folder for the run. After the last: nothing may be in it, nor a process alive that belongs to
 * it. `of-file.ts` judges each file; this sees what a file leaves of which no test ran, or what comes to light later.
 */
export default function setup(project: TestProject): () => Promise<void> {
  const folder = temporary(realpathSync(tmpdir()), 'ls-');
  project.provide('temporary', folder);
  // also of a run that is interrupted, and vitest's own folder, which it then leaves
  process.once('exit', () => {
    for (const each of [folder, project.tmpDir]) rmSync(each, { recursive: true, force: true, maxRetries: 3 });
  });
  return async () => {
    const left = await takeAway(folder, { files: inFolders, looks: project.getProvidedContext().looks });
    if (left.length === 0) return;
    process.exitCode = 1;
    throw new Error(`the tests left behind ${left.join(', and ')}`);
  };
}

/** What is in the folders of files; one that is empty is that of a file of which no test ran. */
function inFolders(run: string): string[] {
  return readdirSync(run).flatMap((name) =>
    name.startsWith('f-') ? readdirSync(join(run, name)).map((each) => join(name, each)) : [name],
  );
}
