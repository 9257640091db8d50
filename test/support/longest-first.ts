import { existsSync } from 'node:fs';
import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * What takes half a minute or more where two files run at a time, the longest first. The first of them keeps both cores busy:
 * beside it come three that leave it one.
 */
const long = [
  'kill-matrix/sample',
  'env-file/elsewhere',
  'env-file/differential',
  'hostile/memory',
  'docs',
  'demo/faults',
  'hostile/canary-run',
  'demo/faults-edge',
  'cli/demo',
  'cli/stock',
  'demo/life',
  'hostile/hostile',
  'commands/throwaway/killed',
  'cli/cleanup',
].map((name) => path.join(root, `test/${name}.test.ts`));

/**
 * A clean checkout has no record of how long files take, and vitest then takes the largest first. One that is short to read
 * and long to run came last and ran alone, on one of two cores.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = long.find((file) => !existsSync(file));
    if (gone !== undefined)
      throw new Error(`${gone} is no file any more: take it out of test/support/longest-first.ts`);
    const sorted = await super.sort(files);
    const first = long.flatMap((file) => sorted.filter(({ moduleId }) => moduleId === file));
    return [...first, ...sorted.filter((each) => !first.includes(each))];
  }
}
