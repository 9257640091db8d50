// Plants each mutant by itself and runs the one test that must notice it. Prints the score; exits with 1 below 100 %.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutants } from './client.js';

const root = new URL('../..', import.meta.url).pathname;
const asked = process.argv.slice(2).join(' ');
const chosen = mutants.map((mutant, number) => ({ ...mutant, number })).filter(({ name }) => name.includes(asked));

/** The tests of a file whose names contain some text, as vitest reports them. */
async function run(file, name, mutant) {
  const folder = await mkdtemp(join(tmpdir(), 'mutant-'));
  const report = join(folder, 'report.json');
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const args = [
    'vitest',
    'run',
    '--config',
    'test/mutants/vitest.config.js',
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  await new Promise((done) => {
    // one seed, so that the score of one source is one number
    const env = { ...process.env, LOCKSTEP_SEED: '1', LOCKSTEP_MUTANT: String(mutant) };
    // a mutant may well be an endless loop
    const options = { cwd: root, env, timeout: 90_000, killSignal: 'SIGKILL' };
    execFile('npx', [...args, `test/client/${file}`, ...(name ? ['-t', escaped] : [])], options, done);
  });
  try {
    const { testResults } = JSON.parse(await readFile(report, 'utf8'));
    return testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status !== 'skipped' && status !== 'pending');
  } catch {
    return null;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Why the mutant counts as killed, or null. */
async function kill({ number, plants, in: file, test }) {
  for (const { file: source, find } of plants) {
    const text = await readFile(join(root, 'src/client', source), 'utf8');
    if (!text.includes(find)) throw new Error(`"${find}" is not in src/client/${source} any more: renew this mutant`);
  }
  const results = await run(file, test, number);
  if (results === null) return 'did not come to an end';
  const failed = results.find(({ status }) => status === 'failed');
  return failed ? failed.title : null;
}

/** A test that fails anyway, or does not exist, proves nothing about a mutant. */
async function baseline() {
  const wanted = Map.groupBy?.(chosen, (mutant) => mutant.in) ?? group(chosen);
  for (const [file, ones] of wanted) {
    const results = await run(file, '', -1);
    if (results === null) throw new Error(`test/client/${file} does not run`);
    const bad = results.find(({ status }) => status !== 'passed');
    if (bad) throw new Error(`"${bad.title}" fails without any mutant`);
    for (const { test, name } of ones)
      if (!results.some(({ fullName }) => fullName.includes(test))) throw new Error(`no test "${test}" for: ${name}`);
  }
}

function group(list) {
  const groups = new Map();
  for (const one of list) groups.set(one.in, [...(groups.get(one.in) ?? []), one]);
  return groups;
}

await baseline();
let killed = 0;
const queue = [...chosen];
const worker = async () => {
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const by = await kill(mutant);
    if (by !== null) killed++;
    process.stdout.write(
      `${by === null ? 'SURVIVED' : 'killed  '}  ${mutant.name}${by === null ? `, by "${mutant.test}"` : `  <- ${by}`}\n`,
    );
  }
};
await Promise.all(Array.from({ length: Math.min(2, cpus().length) }, worker));
process.stdout.write(
  `mutants: ${killed} of ${chosen.length} killed (${((100 * killed) / chosen.length).toFixed(1)} %)\n`,
);
process.exitCode = killed === chosen.length && chosen.length > 0 ? 0 : 1;
