// `node bench/flow.js [rounds]`: the flow of the foundation's checks against the demo, by `lockstep check --only` and by
// what people use instead, at 0 and at 20 ms of latency, in one run, round by round in turn. Peers are installed into a
// temporary folder (or taken from the one that LOCKSTEP_BENCH_PEERS names). Nothing here is a test.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contenders, install } from './peers.js';
import { median } from './rounds.js';
import { sideBySide } from './side-by-side.js';

// Node 20 reads this file at every start, which would flatten each ratio
delete process.env.NODE_EXTRA_CA_CERTS;

const count = Number(process.argv[2] ?? 5);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const bin = here('../bin/lockstep.js');
const node = process.execPath;
/** the foundation's checks; those that they need come along */
const checks = [
  'session/login',
  'session/second-user',
  'token/fetch',
  'token/accepted-by-api',
  'token/signature-verified',
  'refresh/recovers',
  'ws/connects-after-auth',
  'ws/unusable-token-refused',
  'isolation/read',
  'isolation/list',
];
const load = () => os.loadavg()[0].toFixed(1);

console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${os.cpus()[0]?.model}, ${os.cpus().length} cores, load ${load()}`,
);
const folder = mkdtempSync(join(os.tmpdir(), 'lockstep-bench-'));
try {
  const home = process.env.LOCKSTEP_BENCH_PEERS ?? join(folder, 'peers');
  const installed = install(home);
  for (const latency of [0, 20]) {
    // the edge keeps each byte half of the latency on either way; at 0 there is none
    const demo = await serve(latency === 0 ? [] : ['--edge', '--latency', String(latency / 2)]);
    try {
      const files = join(folder, String(latency));
      mkdirSync(files);
      const all = sides(demo, installed, { home, files });
      console.log(`\n${latency} ms of latency, whole process, ${count} rounds`);
      table(run(all));
      if (latency === 20) await sideBySide(demo.api, count);
    } finally {
      await demo.stop();
    }
  }
  console.log(`\nload at the end ${load()}`);
} finally {
  rmSync(folder, { recursive: true });
}

function sides({ auth, api, socket, users, variables, configFile }, installed, { home, files }) {
  const env = {
    ...process.env,
    ...variables,
    LOCKSTEP_A_EMAIL: users.a,
    LOCKSTEP_B_EMAIL: users.b,
    AUTH: auth,
    API: api,
    SOCKET: socket,
  };
  const passwords = { a: variables.LOCKSTEP_A_PASSWORD, b: variables.LOCKSTEP_B_PASSWORD };
  return {
    'serial script, node:http and ws': { command: node, args: [here('serial-flow.js')], env },
    'lockstep check': {
      command: node,
      args: [bin, 'check', '--json', '--config', configFile, '--only', ...checks],
      env,
    },
    'bash with curl, no socket': { command: 'bash', args: [here('curl-flow.sh')], env },
    ...contenders(installed, { folder: home, files, auth, api, users, passwords }),
  };
}

/** Each once a round, in turn, after one round that is not counted; of each the wall, CPU and peak memory of every round. */
function run(all) {
  const figures = Object.fromEntries(Object.keys(all).map((name) => [name, []]));
  for (let round = -1; round < count; round += 1) {
    for (const [name, { command, args, env, cwd }] of Object.entries(all)) {
      const own = { TIMEFORMAT: 'cpu %U %S', NODE_OPTIONS: `--require ${here('peak.cjs')}` };
      const began = performance.now();
      const { status, stdout, stderr } = spawnSync('bash', ['-c', 'time "$@"', 'bash', command, ...args], {
        env: { ...env, ...own },
        ...(cwd && { cwd }),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const wall = performance.now() - began;
      rest();
      if (status !== 0) throw new Error(`${name} ended with ${status}: ${stdout.slice(-2_000)}${stderr.slice(-2_000)}`);
      const [, user, system] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(stderr)?.map(Number) ?? [];
      const peaks = [...stderr.matchAll(/^peak (\d+)/gm)].map(([, kb]) => Number(kb) / 1024);
      if (round >= 0) figures[name].push({ wall, cpu: (user + system) * 1_000, peak: Math.max(0, ...peaks) });
    }
  }
  return figures;
}

/** The servers close what the last one left open before the next one begins. */
function rest() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
}

function table(figures) {
  const { 'serial script, node:http and ws': serial, 'lockstep check': own } = figures;
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  const ratio = (these, those, what) => median(these.map((each, i) => each[what] / those[i][what])).toFixed(2);
  console.log(`${''.padEnd(width)}  wall ms  to serial  to lockstep   CPU ms  CPU to lockstep  peak MiB`);
  for (const [name, rows] of Object.entries(figures)) {
    const of = (what) => median(rows.map((row) => row[what])).toFixed(0);
    const cells = [
      of('wall').padStart(7),
      ratio(rows, serial, 'wall').padStart(9),
      ratio(rows, own, 'wall').padStart(11),
      of('cpu').padStart(7),
      ratio(rows, own, 'cpu').padStart(15),
      of('peak').padStart(8),
    ];
    console.log(`${name.padEnd(width)}  ${cells.join('  ')}`);
  }
}

/** A demo in a process of its own, as anybody would start it. */
async function serve(more) {
  const child = spawn(node, [bin, 'demo', '--serve', '--json', ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk;
    if (text.trimEnd().endsWith('}')) break;
  }
  const stop = () => {
    child.kill('SIGINT');
    return ended;
  };
  return { ...JSON.parse(text), stop };
}
