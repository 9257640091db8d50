// How soon the demo's database answers its first query, and what it costs in memory, beside PGlite as it comes.
//   npm run build && node bench/database.js [rounds]
// Each round starts both in a fresh process each, one after the other; `import` to first answer; peak of the process after 300 queries.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';

const rounds = Number(process.argv[2] ?? 7);
const archive = new URL('../dist/demo/database.tar.gz', import.meta.url);
const opener = new URL('../dist/demo/archive.js', import.meta.url);
if (!existsSync(archive) || !existsSync(opener)) {
  console.error('there is no dist/demo: run `npm run build` first');
  process.exit(3);
}

const measured = (open) => `
  const started = performance.now();
  ${open}
  await db.query('select 1');
  const ms = performance.now() - started;
  // memory is a matter of use: hot code is compiled again, unless that is off
  await db.exec('create table t (id int primary key, x text)');
  for (let id = 0; id < 300; id++) await db.query('select x from t where id = $1', [id]);
  process.stdout.write(JSON.stringify({ ms, mib: process.resourceUsage().maxRSS / 1024 }));
  process.exit(0);
`;
const sides = {
  'PGlite, defaults': measured(
    "const { PGlite } = await import('@electric-sql/pglite'); const db = await PGlite.create();",
  ),
  'the demo': measured(
    `const { openArchive } = await import(${JSON.stringify(opener.href)}); const db = await openArchive(${JSON.stringify(archive.pathname)});`,
  ),
};

// reading a bundle of certificates takes longer than some of what is measured
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
const root = new URL('..', import.meta.url);
const runs = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, script] of Object.entries(sides)) {
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      env,
      encoding: 'utf8',
    });
    runs[name].push(JSON.parse(out));
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const [plain, demo] = Object.values(runs);
const ratio = median(demo.map(({ ms }, round) => ms / plain[round].ms));
console.log(
  `node ${process.version}, ${cpus().length} processors, ${rounds} rounds, medians; ratio: median of the rounds' own`,
);
console.log('                     first answer    peak memory');
for (const [name, results] of Object.entries(runs)) {
  const ms = median(results.map((run) => run.ms)).toFixed(0);
  const mib = Math.max(...results.map((run) => run.mib)).toFixed(0);
  console.log(`${name.padEnd(20)} ${ms.padStart(9)} ms ${mib.padStart(10)} MiB`);
}
const peak = Math.max(...demo.map(({ mib }) => mib));
console.log(`ratio ${ratio.toFixed(2)} (goal: at most 0.40), peak ${peak.toFixed(0)} MiB (goal: under 320)`);
process.exitCode = ratio <= 0.4 && peak < 320 ? 0 : 1;
