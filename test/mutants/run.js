// Plants each mutant by itself and runs the one test that must notice it. Prints the score; exits with 1 below 100 %.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutants } from './client.js';

const root = new URL('../..', import.meta.url).pathname;
const asked = process.argv.slice(2).join(' ');
const chosen = mutants.map((mutant, number) => ({ ...mutant, number })).filter(({ name }) => name.includes(asked));

// vitest keeps files in a folder of its own, which stays where its process is ended: all of them lie in this one
const folder = mkdtempSync(join(tmpdir(), 'lockstep-mutants-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

/** A process that runs tests, one run at a time. One that hangs is ended, and another one takes its place. */
class Runner {
  #worker = null;

  /** The tests of a file whose names contain some text, and how they ended; null where they did not come to an end. */
  async run(file, name, number) {
    this.#worker ??= await begun();
    const worker = this.#worker;
    return new Promise((done, failed) => {
      let hangs = false;
      const patience = setTimeout(() => {
        hangs = worker.kill('SIGKILL');
      }, 90_000);
      worker.once('message', (results) => {
        clearTimeout(patience);
        worker.removeAllListeners();
        done(results);
      });
      worker.once('exit', (code, signal) => {
        clearTimeout(patience);
        this.#worker = null;
        // a mutant may well be an endless loop; that the tests cannot be run is no score
        if (hangs) done(null);
        else failed(new Error(`test/client/${file}: the process that runs it ended with ${signal ?? code}`));
      });
      worker.send({ number, file, name });
    });
  }

  /** Resolves when it is gone. */
  end() {
    const worker = this.#worker;
    if (worker === null) return;
    const gone = new Promise((exited) => worker.once('exit', exited));
    worker.disconnect();
    return gone;
  }
}

function begun() {
  // one seed, so that the score of one source is one number
  const worker = fork(join(import.meta.dirname, 'worker.js'), {
    env: { ...process.env, LOCKSTEP_SEED: '1', TMPDIR: folder },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((ready, failed) => {
    worker.once('message', () => {
      worker.removeAllListeners();
      ready(worker);
    });
    worker.once('exit', (code) => failed(new Error(`the tests did not start: ${code}`)));
  });
}

/** Why the mutant counts as killed, or null. */
async function kill(runner, { number, plants, in: file, test }) {
  for (const { file: source, find } of plants) {
    const text = await readFile(join(root, 'src/client', source), 'utf8');
    if (!text.includes(find)) throw new Error(`"${find}" is not in src/client/${source} any more: renew this mutant`);
  }
  const results = await runner.run(file, test, number);
  if (results === null) return 'did not come to an end';
  const failed = results.find(({ status }) => status === 'failed');
  return failed ? failed.title : null;
}

/** A test that fails anyway, or does not exist, proves nothing about a mutant. */
async function baseline(runners, chosen) {
  const wanted = [...(Map.groupBy?.(chosen, (mutant) => mutant.in) ?? group(chosen))];
  await Promise.all(runners.map((runner) => passing(runner, wanted)));
}

/** Takes one file after the other until none is left. */
async function passing(runner, wanted) {
  for (let next = wanted.shift(); next; next = wanted.shift()) {
    const [file, ones] = next;
    const results = await runner.run(file, '', -1);
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

const runners = Array.from({ length: Math.min(2, cpus().length) }, () => new Runner());
let killed = 0;
const queue = [...chosen];
const work = async (runner) => {
  let last;
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const by = await kill(runner, mutant);
    if (by !== null) killed++;
    last = mutant;
    process.stdout.write(
      `${by === null ? 'SURVIVED' : 'killed  '}  ${mutant.name}${by === null ? `, by "${mutant.test}"` : `  <- ${by}`}\n`,
    );
  }
  // what was planted is really gone each time: a mutant that stayed would have killed the next one
  if (last !== undefined) await baseline([runner], [last]);
};
try {
  await baseline(runners, chosen);
  await Promise.all(runners.map(work));
} finally {
  await Promise.all(runners.map((runner) => runner.end()));
}
process.stdout.write(
  `mutants: ${killed} of ${chosen.length} killed (${((100 * killed) / chosen.length).toFixed(1)} %)\n`,
);
process.exitCode = killed === chosen.length && chosen.length > 0 ? 0 : 1;
