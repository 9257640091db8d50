// `lockstep secret` beside an empty Node process and beside the official `auth secret`, whole processes.
// node bench/secret.js [rounds]     needs dist/ (npm run build)
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, rounds, table } from './rounds.js';

const goals = { floor: 1.4, peer: 15 };
/** the newest that runs on Node 20 */
const peer = 'auth@1.6.33';

const node = process.execPath;
const count = Number(process.argv[2] ?? 21);
const secret = { command: node, args: [fileURLToPath(new URL('../bin/lockstep.js', import.meta.url)), 'secret'] };
const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
try {
  // first: npm may need the very certificates that the measured processes do without
  const official = install();
  delete process.env.NODE_EXTRA_CA_CERTS;
  const short = await rounds(count, { 'node -e 0': { command: node, args: ['-e', '0'] }, 'lockstep secret': secret });
  table(short);
  judge(short, `<= ${goals.floor}`, (ratio) => ratio <= goals.floor);
  console.log();
  if (official === null) console.log(`skipped: ${peer} cannot be installed here`);
  else {
    // apart from the others: a process thirty times as long would disturb them
    const long = await rounds(5, { 'lockstep secret': secret, 'auth secret': official });
    table(long);
    judge(long, `>= ${goals.peer}`, (ratio) => ratio >= goals.peer);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function install() {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
  try {
    execFileSync('npm', ['install', '--prefix', folder, ...flags, peer], { stdio: 'ignore', timeout: 180_000 });
  } catch {
    return null;
  }
  return { command: node, args: [join(folder, 'node_modules', 'auth', 'dist', 'index.mjs'), 'secret'] };
}

/** @param {Record<string, number[]>} times */
function judge(times, goal, holds) {
  const [reference = [], own = []] = Object.values(times);
  const ratio = median(own.map((ms, i) => ms / (reference[i] ?? Number.NaN)));
  console.log(`${holds(ratio) ? 'holds' : 'MISSED'}: ${ratio.toFixed(2)}, goal ${goal}`);
  if (!holds(ratio)) process.exitCode = 1;
}
