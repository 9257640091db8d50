// `migrate up` beside what else makes these tables, whole processes, side by side in one run:
//   node bench/migrate.js [rounds]
// Needs a built program and PostgreSQL's server programs; the peers come from npm into a temporary folder.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { median } from './rounds.js';

const rounds = Number(process.argv[2] ?? 7);
const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'bin', 'lockstep.js');
// NODE_EXTRA_CA_CERTS costs Node 20 some 35 ms at every start, whoever starts
const env = { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1' };
const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
const cleanups = [() => rmSync(folder, { recursive: true, force: true })];

try {
  const postgres = await startPostgres();
  const sql = await statements(postgres.url('postgres'));
  const contestants = [psql(postgres, sql), await floor(), lockstep(), ...peers(sql)];
  for (const delay of [0, 20]) {
    const port = delay === 0 ? postgres.port : await delayed(postgres.port, delay);
    await compare(`${delay} ms`, contestants, postgres, port);
  }
} finally {
  for (const cleanup of cleanups.reverse()) await cleanup();
}

/** Round by round in turn, the first one for warmth; ratios are medians of the ratios of each round. */
async function compare(title, contestants, postgres, port) {
  const times = contestants.map(() => ({ empty: [], noop: [] }));
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      const i = (turn + round) % contestants.length;
      const url = postgres.url(postgres.create(), port);
      for (const kind of ['empty', 'noop']) {
        const ms = await timed(contestants[i][kind](url));
        if (round > 0) times[i][kind].push(ms);
      }
    }
  }
  console.log(`\nlatency ${title}, ${rounds} rounds, median ms (x psql)`);
  console.log(`${'tool'.padEnd(34)}${'empty'.padStart(14)}${'nothing to do'.padStart(20)}`);
  const shown = (kind, i) => {
    const ratio = median(times[i][kind].map((ms, round) => ms / times[0][kind][round]));
    return `${median(times[i][kind]).toFixed(0)} (${ratio.toFixed(1)})`;
  };
  for (const [i, { name }] of contestants.entries()) {
    console.log(`${name.padEnd(34)}${shown('empty', i).padStart(14)}${shown('noop', i).padStart(20)}`);
  }
  const own = contestants.findIndex(({ name }) => name === 'lockstep migrate up');
  for (const [i, { name }] of contestants.entries()) {
    if (i === own) continue;
    const against = (kind) => median(times[i][kind].map((ms, round) => ms / times[own][kind][round])).toFixed(2);
    console.log(`  ${name} / lockstep: empty ${against('empty')}, nothing to do ${against('noop')}`);
  }
}

function timed({ command, args, cwd = folder, extra = {} }) {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const child = spawn(command, args, { cwd, env: { ...env, ...extra }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Number(process.hrtime.bigint() - began) / 1e6);
      else reject(new Error(`${command} ${args.join(' ')}: exit ${code}\n${said}`));
    });
  });
}

function lockstep() {
  const run = (url) => ({
    command: process.execPath,
    args: [bin, 'migrate', 'up', '--yes'],
    extra: { DATABASE_URL: url },
  });
  return { name: 'lockstep migrate up', empty: run, noop: run };
}

function psql(postgres, sql) {
  const file = join(folder, 'all.sql');
  writeFileSync(file, `create table ledger (name text);\n${sql.join(';\n')};\n`);
  const run = (...args) => ({
    command: join(postgres.programs, 'psql'),
    args: ['-qX', '-v', 'ON_ERROR_STOP=1', ...args],
  });
  return {
    name: 'psql -1 -f',
    empty: (url) => run('-1', '-f', file, url),
    noop: (url) => run('-c', 'select name from ledger', url),
  };
}

/** The least that Node can do: pg, bundled, one query. */
async function floor() {
  const source = join(folder, 'floor.js');
  writeFileSync(
    source,
    `import ${JSON.stringify(join(root, 'src/io/db/navigator.ts'))};
import Client from ${JSON.stringify(join(root, 'node_modules/pg/lib/client.js'))};
const client = new Client(process.env.DATABASE_URL);
await client.connect();
await client.query('select 1');
await client.end();`,
  );
  const bundle = await rolldown({ input: source, platform: 'node' });
  await bundle.write({ file: join(folder, 'floor.mjs'), format: 'esm' });
  await bundle.close();
  const run = (url) => ({ command: process.execPath, args: [join(folder, 'floor.mjs')], extra: { DATABASE_URL: url } });
  return { name: 'node: bundled connect and select', empty: run, noop: run };
}

function peers(sql) {
  const install = (name, ...packages) => {
    const cwd = join(folder, name);
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'package.json'), '{"private":true,"type":"module"}');
    const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], {
      cwd,
      env,
    });
    if (status !== 0) console.log(`${name}: not reachable, left out`);
    return status === 0 ? cwd : null;
  };
  const node =
    (cwd, name, ...args) =>
    (url) => ({
      command: process.execPath,
      args: [binOf(cwd, name), ...args],
      cwd,
      extra: { DATABASE_URL: url },
    });
  const found = [];
  const add = (name, run) => found.push({ name, empty: run, noop: run });

  const ctl = install('kysely-ctl', 'kysely-ctl@0.20.0', 'kysely@0.28.18', 'pg@8.23.1');
  if (ctl !== null) {
    mkdirSync(join(ctl, 'migrations'));
    const steps = sql.map((text) => `await sql.raw(${JSON.stringify(text)}).execute(db);`).join('\n');
    writeFileSync(
      join(ctl, 'migrations/0001_all.ts'),
      `import { sql } from 'kysely';\nexport async function up(db) {\n${steps}\n}`,
    );
    writeFileSync(
      join(ctl, 'kysely.config.ts'),
      `import { PostgresDialect } from 'kysely';\nimport { defineConfig } from 'kysely-ctl';\nimport pg from 'pg';
export default defineConfig({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) }), migrations: { migrationFolder: 'migrations' } });`,
    );
    add('kysely-ctl 0.20 migrate latest', node(ctl, 'kysely-ctl', 'migrate', 'latest'));
  }
  const npm = install('node-pg-migrate', 'node-pg-migrate@9', 'pg@8.23.1');
  if (npm !== null) {
    mkdirSync(join(npm, 'migrations'));
    writeFileSync(join(npm, 'migrations/1_all.sql'), `-- Up Migration\n${sql.join(';\n')};\n-- Down Migration\n`);
    add('node-pg-migrate 9 up', node(npm, 'node-pg-migrate', 'up'));
  }
  const cli = install('better-auth-cli', '@better-auth/cli@1.4.22', 'better-auth@1.4.22', 'pg@8.23.1');
  if (cli !== null) {
    writeFileSync(
      join(cli, 'auth.ts'),
      `import { betterAuth } from 'better-auth';\nimport { jwt } from 'better-auth/plugins';\nimport pg from 'pg';
export const auth = betterAuth({ database: new pg.Pool({ connectionString: process.env.DATABASE_URL }), secret: 'a secret of at least thirty-two characters', emailAndPassword: { enabled: true }, plugins: [jwt()] });`,
    );
    add('@better-auth/cli 1.4.22 migrate -y', node(cli, '@better-auth/cli', 'migrate', '-y'));
  }
  return found;
}

/** The script behind a package's command: npx would be measured otherwise. */
function binOf(cwd, name) {
  const home = join(cwd, 'node_modules', name);
  const { bin: script } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  return join(home, typeof script === 'string' ? script : Object.values(script)[0]);
}

/** The statements that all of them send. */
async function statements(url) {
  const out = spawnSync(process.execPath, [bin, 'migrate', 'plan', '--json'], {
    env: { ...env, DATABASE_URL: url },
    encoding: 'utf8',
  });
  return JSON.parse(out.stdout).plan.changes.map(({ sql }) => sql);
}

async function startPostgres() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => b - a) : [];
  const programs = versions
    .map((version) => join(debian, version, 'bin'))
    .find((path) => existsSync(join(path, 'initdb')));
  if (programs === undefined) throw new Error('no PostgreSQL server programs on this machine');
  const home = mkdtempSync(join(tmpdir(), 'lockstep-bench-pg-'));
  cleanups.push(() => rmSync(home, { recursive: true, force: true }));
  const id = (flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  const owner = process.getuid() === 0 ? { uid: id('-u'), gid: id('-g') } : {};
  if (owner.uid !== undefined) chownSync(home, owner.uid, owner.gid);
  const as = { cwd: home, env: { ...env, LC_ALL: 'C', TZ: 'UTC' }, stdio: 'ignore', ...owner };
  execFileSync(join(programs, 'initdb'), ['-D', join(home, 'data'), '-U', 'postgres', '-A', 'trust', '--no-sync'], as);
  const port = await freePort();
  const server = spawn(join(programs, 'postgres'), ['-D', join(home, 'data'), '-k', home, '-p', port, '-F'], as);
  const gone = new Promise((resolve) => server.once('exit', resolve));
  cleanups.push(() => {
    server.kill('SIGINT');
    return gone;
  });
  const url = (database, at = port) => `postgresql://postgres@127.0.0.1:${at}/${database}`;
  const ask = (sql) => spawnSync(join(programs, 'psql'), ['-qX', '-c', sql, url('postgres')], { env }).status === 0;
  for (let tries = 0; !ask('select 1'); tries++) {
    if (tries > 200) throw new Error('the server does not start');
    await sleep(50);
  }
  let made = 0;
  const create = () => {
    const name = `bench_${++made}`;
    if (!ask(`create database ${name}`)) throw new Error(`no database ${name}`);
    return name;
  };
  return { programs, port, url, create };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** TCP's own handshake it cannot delay. */
async function delayed(target, ms) {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('delay-proxy.js', import.meta.url)), String(target), String(ms)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  cleanups.push(() => child.kill());
  const [port] = await once(child.stdout, 'data');
  return Number(String(port));
}
