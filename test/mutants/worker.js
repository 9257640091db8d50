// Plants one mutant after the other, as the parent says, and tells what the tests said: one vitest for all of them, which
// takes most of a second each to start. No file is touched.
import { join, resolve } from 'node:path';
import { createVitest } from 'vitest/node';
import { mutants } from './client.js';

const root = resolve(import.meta.dirname, '../..');
const source = (file) => resolve(root, 'src/client', file);
let planted = [];
let left = new Set();

const vitest = await createVitest(
  'test',
  {
    root,
    config: false,
    watch: false,
    include: ['test/client/**/*.test.ts'],
    pool: 'threads',
    testTimeout: 20_000,
    maxWorkers: 1,
    fileParallelism: false,
    reporters: [{}],
  },
  {
    plugins: [
      {
        name: 'plant-mutant',
        enforce: 'pre',
        transform(code, id) {
          const here = planted.filter(({ file }) => id === source(file));
          if (here.length === 0) return null;
          for (const each of here) left.delete(each);
          return { code: here.reduce((text, { find, put }) => text.replace(find, () => put), code), map: null };
        },
      },
    ],
  },
);
await vitest.standalone();

/** The tests of a file whose names contain some text. */
async function run({ number, file, name }) {
  const before = planted;
  planted = mutants[number]?.plants ?? [];
  left = new Set(planted);
  for (const each of [...before, ...planted]) vitest.invalidateFile(source(each.file));
  const pattern = new RegExp(name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const [project] = vitest.projects;
  const specification = project.createSpecification(join(root, 'test/client', file), { testNamePattern: pattern });
  const { testModules } = await vitest.runTestSpecifications([specification]);
  // a test that never loads the source says nothing about it
  if (left.size > 0) return [];
  return testModules
    .filter(({ moduleId }) => moduleId === specification.moduleId)
    .flatMap((module) => [...module.children.allTests()])
    .map((test) => ({ title: test.name, fullName: test.fullName.replaceAll(' > ', ' '), status: test.result().state }))
    .filter(({ status }) => status !== 'skipped' && status !== 'pending');
}

process.on('message', async (asked) => process.send(await run(asked)));
process.on('disconnect', () => process.exit());
process.send('ready');
