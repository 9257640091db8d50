// `lockstep env check` on two files beside an empty Node process, whole processes.
// node bench/env-check.js [rounds]     needs dist/ (npm run build)
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, rounds, table } from './rounds.js';

const goal = 2;

// Node 20 reads this file at every start, which would flatten each ratio
delete process.env.NODE_EXTRA_CA_CERTS;

const node = process.execPath;
const bin = fileURLToPath(new URL('../bin/lockstep.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
try {
  const [frontend, backend] = ['frontend', 'backend'].map((name) => join(folder, name));
  const shared = `BETTER_AUTH_SECRET=${randomBytes(32).toString('hex')}\nDATABASE_URL=postgresql://app@localhost/app\n`;
  for (const [dir, file, more] of [
    [frontend, '.env.local', 'BETTER_AUTH_URL=http://localhost:3000\nNEXT_PUBLIC_API_URL=http://localhost:8000\n'],
    [backend, '.env', 'ENVIRONMENT=development\nCORS_ORIGINS=["http://localhost:3000"]\n'],
  ]) {
    mkdirSync(dir);
    writeFileSync(join(dir, file), shared + more, { mode: 0o600 });
  }
  writeFileSync(
    join(folder, 'lockstep.json'),
    JSON.stringify({
      services: {
        frontend: { dir: 'frontend', loader: 'next' },
        backend: { dir: 'backend', loader: 'python-dotenv', env: '.env' },
      },
    }),
  );
  const flags = [
    '--frontend',
    frontend,
    '--frontend-loader',
    'next',
    '--backend',
    backend,
    '--backend-loader',
    'python-dotenv',
  ];
  const times = await rounds(Number(process.argv[2] ?? 21), {
    'node -e 0': { command: node, args: ['-e', '0'] },
    'env check, by lockstep.json': {
      command: node,
      args: [bin, 'env', 'check'],
      env: { ...process.env, LOCKSTEP_CONFIG: join(folder, 'lockstep.json') },
    },
    'env check, by flags': { command: node, args: [bin, 'env', 'check', ...flags] },
  });
  table(times);
  const [reference = [], own = []] = Object.values(times);
  const ratio = median(own.map((ms, i) => ms / (reference[i] ?? Number.NaN)));
  console.log(`${ratio <= goal ? 'holds' : 'MISSED'}: ${ratio.toFixed(2)}, goal <= ${goal}`);
  if (ratio > goal) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
