// Runs what searches by chance (properties, and lockstep beside the programs that it speaks for) again and again until its
// minutes are over, with a fresh seed each round and more cases than usual. Each seed that fails is printed at once; exits
// with 1 where one failed or none came to its end.
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { createVitest } from 'vitest/node';

const root = resolve(import.meta.dirname, '../..');
const minutes = Number(process.argv[2] ?? 10);
if (!(minutes > 0)) {
  process.stderr.write('usage: npm run soak -- [minutes, 10 unless given]\n');
  process.exit(2);
}
process.env.LOCKSTEP_CASES ??= '3';

/** What draws chance where more of it finds more; a storm of processes is long as it is. */
const draws = /support\/(fast-check|chance)\.js'|\bcases\b[^;]*support\/seed\.js'/;
const files = readdirSync(join(root, 'test'), { recursive: true })
  .filter((file) => file.endsWith('.test.ts') && !file.startsWith('migrate'))
  .map((file) => join(root, 'test', file))
  .filter((file) => draws.test(readFileSync(file, 'utf8')));

const say = (line) => process.stdout.write(`${line}\n`);
const again = (file) =>
  `  LOCKSTEP_SEED=${process.env.LOCKSTEP_SEED} LOCKSTEP_CASES=${process.env.LOCKSTEP_CASES} npx vitest run ${file}`;
const told = (file, what, errors) => {
  say(`FAILED  seed ${process.env.LOCKSTEP_SEED}  ${file}  ${what}`);
  for (const { message, diff = '' } of errors) {
    const text = stripVTControlCharacters(`${message}\n${diff}`).trim();
    say(text.split('\n').slice(0, 40).join('\n').replaceAll(/^/gm, '  | '));
  }
  say(again(file));
};

const reporter = {
  onTestCaseResult(test) {
    const { state, errors = [] } = test.result();
    if (state === 'failed') told(relative(root, test.module.moduleId), test.fullName, errors);
  },
  onTestModuleEnd(module) {
    const errors = module.errors();
    if (errors.length > 0) told(relative(root, module.moduleId), 'could not be run', errors);
  },
};

const vitest = await createVitest('test', { root, watch: false, reporters: [reporter], testTimeout: 600_000 });
await vitest.standalone();

let over = false;
const ends = () => {
  over = true;
  vitest.cancelCurrentRun('keyboard-input');
};
const bound = setTimeout(ends, minutes * 60_000);
// vitest's own listener exits at once, without a word
process.removeAllListeners('SIGINT').once('SIGINT', ends);

const rounds = { passed: 0, failed: 0 };
while (!over) {
  process.env.LOCKSTEP_SEED = String(randomInt(2 ** 31));
  const began = performance.now();
  const specifications = (await Promise.all(files.map((file) => vitest.globTestSpecifications([file])))).flat();
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  // a Ctrl-C has ended the processes of the tests, too
  const outside = over ? [] : unhandledErrors;
  for (const error of outside) told('', 'outside of any test', [error]);
  const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
  for (const module of testModules) for (const test of module.children.allTests()) count[test.result().state] += 1;
  const failed =
    count.failed + outside.length > 0 || (!over && testModules.some((module) => module.errors().length > 0));
  // a round that was cut short shows nothing, unless it had failed by then
  if (failed || (!over && (testModules.length < files.length || count.passed === 0))) rounds.failed += 1;
  else if (!over) rounds.passed += 1;
  const { passed, skipped } = count;
  const seconds = Math.round((performance.now() - began) / 1000);
  say(
    `seed ${process.env.LOCKSTEP_SEED}: ${passed} passed, ${count.failed} failed, ${skipped} skipped of ${files.length} files in ${seconds} s${over ? ', cut short' : ''}`,
  );
}
clearTimeout(bound);
await vitest.close();
say(`soak: ${rounds.passed} rounds passed, ${rounds.failed} failed`);
process.exitCode = rounds.failed > 0 || rounds.passed === 0 ? 1 : 0;
