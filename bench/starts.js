// Starts of the program beside an empty Node process, whole processes, with the goals that they have.
// node bench/starts.js [rounds]     needs dist/ (npm run build), which keeps V8's code cache for the Node that built it
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, rounds, table } from './rounds.js';

// Node 20 reads this file at every start, which would flatten each ratio
delete process.env.NODE_EXTRA_CA_CERTS;

const node = process.execPath;
const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const bin = here('../bin/lockstep.js');
const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
const memory = 48;

try {
  const secret = write('secret', randomBytes(32).toString('hex'));
  const shared = `BETTER_AUTH_SECRET=${randomBytes(32).toString('hex')}\nDATABASE_URL=postgresql://app@localhost/app\n`;
  write(
    'frontend/.env.local',
    `${shared}BETTER_AUTH_URL=http://localhost:3000\nNEXT_PUBLIC_API_URL=http://localhost:8000\n`,
  );
  write('backend/.env', `${shared}ENVIRONMENT=development\nCORS_ORIGINS=["http://localhost:3000"]\n`);
  const services = {
    frontend: { dir: 'frontend', loader: 'next' },
    backend: { dir: 'backend', loader: 'python-dotenv', env: '.env' },
  };
  const config = write('lockstep.json', JSON.stringify({ services }));
  const mint = ['token', 'mint', '--secret-file', secret, '--sub', 'user-1', '--ttl', '1h'];
  const token = write('token', spawnSync(node, [bin, ...mint], { encoding: 'utf8' }).stdout.trim());
  /** @type {Record<string, { args: string[], goal: number, env?: NodeJS.ProcessEnv }>} */
  const starts = {
    'lockstep --version': { args: ['--version'], goal: 1.4 },
    'lockstep secret': { args: ['secret'], goal: 1.4 },
    'lockstep --help': { args: ['--help'], goal: 1.8 },
    'lockstep check --help': { args: ['check', '--help'], goal: 1.8 },
    'lockstep env check': { args: ['env', 'check'], goal: 2, env: { ...process.env, LOCKSTEP_CONFIG: config } },
    'lockstep token mint': { args: mint, goal: 2 },
    'lockstep token verify': { args: ['token', 'verify', '--secret-file', secret, token], goal: 2 },
  };
  const lines = Object.entries(starts).map(([name, { args, env }]) => [
    name,
    { command: node, args: [bin, ...args], env },
  ]);
  const times = await rounds(Number(process.argv[2] ?? 21), {
    'node -e 0': { command: node, args: ['-e', '0'] },
    ...Object.fromEntries(lines),
  });
  table(times);
  console.log();
  const [reference = []] = Object.values(times);
  for (const [name, { args, goal, env = process.env }] of Object.entries(starts)) {
    const ratio = median((times[name] ?? []).map((ms, i) => ms / (reference[i] ?? Number.NaN)));
    const peak = peakOf(args, env);
    const holds = ratio <= goal && peak <= memory;
    console.log(
      `${holds ? 'holds' : 'MISSED'}: ${name} ${ratio.toFixed(2)}, goal <= ${goal}; peak ${peak.toFixed(1)} MiB, goal <= ${memory}`,
    );
    if (!holds) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** In MiB, with the few lines that measure it. */
function peakOf(/** @type {string[]} */ args, /** @type {NodeJS.ProcessEnv} */ env) {
  const { stderr } = spawnSync(node, ['-r', here('peak.cjs'), bin, ...args], { env, encoding: 'utf8' });
  return Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
}

function write(/** @type {string} */ name, /** @type {string} */ text) {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
