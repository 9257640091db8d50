import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checks } from 'virtual:checks';
import type { AnyCheck } from '../../src/core/check.js';
import { hasPostgres, startPostgres } from '../support/postgres.js';
import { seeded } from '../support/seeded.js';
import type { FaultCase } from './cases.js';
import { databasesFor, type Ground } from './deployment.js';
import type { Also, Golden, Judged } from './judge.js';
import { allCases, type Matrix, runCauses, runMatrix, sampleCases } from './matrix.js';
import { causesNamed, page, strays, summary, whole, withCauses } from './report.js';
import { stress } from './stress.js';

const usage = `npm run kill-matrix -- [ids...] [options]

  ids                 only these faults, twins and controls: F149 H07 api-stopped
  --causes            each fault before its own check alone: is it caught, and does the report name the cause?
  --sample            a dozen faults, four twins, two controls
  --rounds <n>        again and again; no verdict may change
  --seed <n>          the order of the checks in each run; printed, and another one each time unless given
  --stress            every processor is kept busy meanwhile, half of the time
  --latency <ms>      all deployments behind an edge on a slow line
  --jitter <ms>
  --jobs <n>          deployments at a time; 3 unless given
  --accept            write what is seen besides into test/kill-matrix/also.json, for a person to review
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    causes: { type: 'boolean' },
    sample: { type: 'boolean' },
    rounds: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    stress: { type: 'boolean' },
    latency: { type: 'string', default: '0' },
    jitter: { type: 'string', default: '0' },
    jobs: { type: 'string', default: '3' },
    accept: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

const goldenFile = new URL('../../test/kill-matrix/also.json', import.meta.url);
const pageFile = new URL('../../docs/kill-matrix.md', import.meta.url);
const say = (line: string) => process.stdout.write(`${line}\n`);

if (values.help === true) say(usage);
else process.exitCode = await run();

async function run(): Promise<number> {
  // a run listens for signals, and there are hundreds of them
  process.setMaxListeners(0);
  const began = performance.now();
  const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as Golden;
  const wire = { latency: Number(values.latency), jitter: Number(values.jitter), loss: 0 };
  const random = seeded(Number(values.seed));
  const cases = values.sample === true ? sampleCases() : allCases(positionals);
  say(`seed ${values.seed}`);
  const postgres = hasPostgres ? await startPostgres() : null;
  const relax = values.stress === true ? stress() : null;
  const stopped = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      say(`${name}: what has begun is taken down`);
      stopped.abort(name);
    });
  const ground: Ground = {
    databases: postgres === null ? [] : await databasesFor(postgres, Number(values.jobs)),
    wire: wire.latency + wire.jitter > 0 ? wire : null,
    quickPasswords: false,
    shuffle: () => reorder(random),
    signal: stopped.signal,
  };
  let [good, last] = [true, null as Matrix | null];
  try {
    if (values.causes === true) good = await causes(cases.faults, ground);
    else
      for (let round = 1; round <= Number(values.rounds) && !stopped.signal.aborted; round++) {
        last = await runMatrix(cases, ground, golden, Number(values.jobs), tell);
        good = whole(last) && good;
        say(`${Number(values.rounds) > 1 ? `round ${round}: ` : ''}${summary(last)}`);
      }
  } finally {
    await relax?.();
    await postgres?.stop();
  }
  say(`${Math.round((performance.now() - began) / 1000)} s`);
  if (stopped.signal.aborted) return stopped.signal.reason === 'SIGINT' ? 130 : 143;
  const complete = values.sample !== true && positionals.length === 0 && ground.wire === null;
  if (last !== null && complete) writeFileSync(pageFile, page(last));
  return good ? 0 : 1;
}

/** The words alone; where all faults were asked about, the end of the page is theirs. */
async function causes(faults: readonly FaultCase[], ground: Ground): Promise<boolean> {
  const asked = await runCauses(faults, ground, Number(values.jobs), tell);
  say(`${causesNamed(asked)}, a pattern fits ${strays(asked)} in 100 reports of other checks`);
  if (positionals.length === 0) writeFileSync(pageFile, withCauses(readFileSync(pageFile, 'utf8'), asked));
  return asked.length > 0 && asked.every(({ judged }) => judged.wrong.length === 0);
}

/** Another order of the checks. Those that run alone, after all others, do so in the order of the list whatever happens. */
function reorder(random: ReturnType<typeof seeded>): void {
  const list = checks as AnyCheck[];
  const alone = list.filter((check) => check.alone === true);
  const others = list.filter((check) => check.alone !== true);
  random.shuffle(others);
  list.splice(0, list.length, ...others, ...alone);
}

function tell(judged: Judged): void {
  const { id, wrong } = judged;
  if (values.accept === true) accept(judged);
  say(wrong.length === 0 ? `ok     ${id}` : `WRONG  ${id}\n${wrong.map((line) => `         ${line}`).join('\n')}`);
}

/** What is seen now; what may be otherwise as well, as far as it was reviewed, stays so. */
function accepted(known: Also, seen: Also): Also {
  const open = Object.entries(known).filter(([check, may]) => {
    return typeof may !== 'string' && (check === '*' || seen[check] === undefined || may.includes(String(seen[check])));
  });
  const all = Object.entries({ ...seen, ...Object.fromEntries(open) });
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Writes what a case has besides into the golden file at once: a run that is cut keeps what it has seen. */
function accept({ id, also }: Judged): void {
  const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as Golden;
  const group = /^F\d/.test(id) ? 'faults' : /^H\d/.test(id) ? 'twins' : 'controls';
  const all = { ...golden[group], [id]: accepted(golden[group][id] ?? {}, also) };
  const sorted = Object.entries(all)
    .filter(([, one]) => Object.keys(one).length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(goldenFile, `${JSON.stringify({ ...golden, [group]: Object.fromEntries(sorted) }, null, 2)}\n`);
}
