import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin } from '../support/bin.js';
import type { Postgres } from '../support/postgres.js';
import { hasPostgres, startPostgres } from '../support/postgres.js';
import type { Hostile } from './deployment.js';
import { deployment, email } from './deployment.js';
import type { Observed } from './observed.js';
import { filesBelow, hasStrace, observed } from './observed.js';
import { canaries, databaseAt, found } from './searcher.js';
import { telltales } from './telltale.js';

const formats = ['junit', 'html', 'github', 'json', 'tap', 'markdown'];
const reports = formats.flatMap((format) => ['--report', `${format}=reports/${format}`]);
const everyWay = ['-v', '--trace', 'reports/har', ...reports];
const steps = ['session/login', 'token/fetch', 'token/accepted-by-api', 'ws/connects-after-auth'];

/** A command line, and how it may end. */
interface Row {
  readonly args: readonly string[];
  readonly codes: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** the secret that the command is there to print */
  readonly product?: string;
  /** files that hold secrets because that is what they are for: 0600, and only these */
  readonly holds?: RegExp;
}

let root: string;
let healthy: Hostile;
let postgres: Postgres | null = null;
const telling: Hostile[] = [];
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'lockstep-canary-run-'));
  healthy = await deployment(telltales['that works']);
  for (const [name, acts] of Object.entries(telltales)) if (name !== 'that works') telling.push(await deployment(acts));
  if (hasPostgres) postgres = await startPostgres();
});
afterAll(async () => {
  for (const server of [healthy, ...telling]) await server?.stop();
  await postgres?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** A checkout with a home and a folder for temporary files of its own. */
class Place {
  readonly folder: string;
  readonly home: string;
  readonly temporary: string;

  constructor(name: string, files: Readonly<Record<string, string>> = {}) {
    this.folder = join(root, name, 'checkout');
    this.home = join(root, name, 'home');
    this.temporary = join(root, name, 'tmp');
    for (const folder of [this.folder, this.home, this.temporary]) mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) this.write(file, text);
  }

  write(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o600 });
  }

  run({ args, env = {}, input = '' }: Pick<Row, 'args' | 'env' | 'input'>): Promise<Observed> {
    const own = {
      PATH: process.env.PATH ?? '',
      HOME: this.home,
      TMPDIR: this.temporary,
      LOCKSTEP_A_EMAIL: email,
      LOCKSTEP_A_PASSWORD: canaries.password,
      BETTER_AUTH_SECRET: canaries.secret,
      DATABASE_URL: databaseAt('127.0.0.1:1/app'),
    };
    const command = [process.execPath, bin, ...args];
    return observed(command, { cwd: this.folder, env: { ...own, ...env }, input });
  }

  /** Runs each command line, one after the other, and looks for secrets everywhere. */
  async keeps(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      const line = `lockstep ${row.args.join(' ')}`;
      const seen = await this.run(row);
      expect(row.codes, `${line}: ${seen.out}${seen.err}`).toContain(seen.code);
      expect(leaks(seen, row), line).toEqual([]);
      expect(filesBelow(this.temporary), line).toEqual([]);
    }
    for (const { name, text } of filesBelow(this.home)) expect(found(text), name).toEqual([]);
  }
}

/** Where a secret got out, and which. */
function leaks(
  { out, err, files, started }: Observed,
  { product, holds }: Pick<Row, 'product' | 'holds'> = {},
): string[] {
  const [self, ...children] = started;
  const places: [place: string, text: string][] = [
    ['stdout', out],
    ['stderr', err],
    ['its own arguments', self?.argv.join('\n') ?? ''],
    ...children.flatMap(({ argv, env }): [string, string][] => [
      [`the arguments of ${argv[0]}`, argv.join('\n')],
      [`the environment of ${argv[0]}`, env.join('\n')],
    ]),
    ...[...files].filter(([file]) => holds?.test(file) !== true),
  ];
  return places.flatMap(([place, text]) =>
    found(text)
      .filter((name) => !(place === 'stdout' && name === product))
      .map((name) => `${name} in ${place}`),
  );
}

const envFile = (values: Readonly<Record<string, string>>) =>
  Object.entries(values)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
const own = { DATABASE_URL: databaseAt('127.0.0.1:1/app'), BETTER_AUTH_SECRET: canaries.secret };
const services = {
  services: { frontend: { dir: 'frontend', loader: 'next' }, backend: { dir: 'backend', loader: 'python-dotenv' } },
};
const checkout = {
  'frontend/.env.local': envFile({ ...own, BETTER_AUTH_URL: 'http://localhost:3000' }),
  'backend/.env': envFile({ ...own, CORS_ORIGINS: '["http://localhost:3000"]' }),
  'lockstep.json': JSON.stringify(services),
  secret: canaries.secret,
  token: canaries.jwt,
  'traffic.har': JSON.stringify({
    log: {
      entries: [
        {
          startedDateTime: '2026-11-26T00:00:00.000Z',
          request: { url: 'http://x/api/me', headers: [{ name: 'authorization', value: `Bearer ${canaries.jwt}` }] },
          response: { status: 401, headers: [] },
        },
      ],
    },
  }),
  cookie: `better-auth.session_token=${canaries.cookie}.${'c2lnbmF0dXJl'.repeat(3)}`,
};
const at = ({ port }: { readonly port: number }) => [
  '--auth',
  `http://127.0.0.1:${port}`,
  '--api',
  `http://127.0.0.1:${port}`,
];
const socketOf = ({ port }: Hostile) => ['--socket', `ws://127.0.0.1:${port}/api/ws`];
const nobody = { port: 1 };
const crash = (where: string, ...names: (keyof typeof canaries)[]) => ({
  NODE_OPTIONS: `--require ${join(import.meta.dirname, 'crash.cjs')}`,
  CRASH_AT: where,
  CRASH_SAYS: names.map((name) => canaries[name]).join(' '),
});

describe.skipIf(!hasStrace)(`the search${hasStrace ? '' : ' (strace is not installed, or may not trace)'}`, () => {
  it.each([
    ['stdout', /^password in stdout$/],
    ['stderr', /^password in stderr$/],
    ['report', /^password in .*\/checkout\/reports\/leak$/],
    ['home', /^password in .*\/home\/\.config\/leak$/],
    ['temporary', /^password in .*\/tmp\/short-lived\/leak$/],
    ['environment', /^password in the environment of true$/],
    ['argument', /^password in the arguments of true$/],
  ])('finds what goes out by %s', async (way, where) => {
    const env = {
      NODE_OPTIONS: `--require ${join(import.meta.dirname, 'leak.cjs')}`,
      LEAK: way,
      LEAK_SECRET: canaries.password,
    };
    const place = new Place(`leak-${way}`);
    const seen = await place.run({ args: ['help', 'exit-codes'], env });
    expect(seen.code).toBe(0);
    expect(leaks(seen)).toEqual([expect.stringMatching(where)]);
    // whoever leaks nothing is not accused
    expect(leaks(await place.run({ args: ['help', 'exit-codes'], env: { ...env, LEAK: '' } }))).toEqual([]);
  });

  it('finds what stands among its own arguments', async () => {
    const seen = await new Place('leak-own').run({ args: ['secret', `--value=${canaries.secret}`] });
    expect(seen.code).toBe(2);
    expect(leaks(seen)).toEqual(['secret in its own arguments']);
  });
});

describe('the search', () => {
  const within: Readonly<Record<string, (text: string) => string>> = {
    'as it is': (text) => text,
    'in JSON': (text) => JSON.stringify({ text }),
    'in JSON in JSON': (text) => JSON.stringify({ text: JSON.stringify({ text }) }),
    'in a URL': encodeURIComponent,
    'in a URL in JSON': (text) =>
      JSON.stringify(encodeURIComponent(text).replaceAll(/%../g, (byte) => byte.toLowerCase())),
    'in XML': (text) => text.replaceAll(/[&<>"']/g, (c) => `&#x${c.charCodeAt(0).toString(16)};`),
    'in HTML of JSON': (text) => JSON.stringify(text).replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
    'in a shell': (text) => `'${text.replaceAll("'", "'\\''")}'`,
    'in a workflow command': (text) => `::error::${text.replaceAll('%', '%25')}`,
    'in Markdown': (text) => text.replaceAll('|', '\\|'),
    'in base64': (text) => Buffer.from(`${text}--`).toString('base64'),
    'in base64 of JSON': (text) => Buffer.from(`${JSON.stringify({ text })}--`).toString('base64url'),
    'in hex': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  };
  it.each(Object.entries(within))('finds every secret %s, wherever it begins', (_, spelled) => {
    for (const [name, value] of Object.entries(canaries))
      for (const prefix of ['', 'a', 'ab']) expect(found(`x ${spelled(`${prefix}${value}`)} y`)).toContain(name);
    expect(found(`x ${spelled('password-Zq7"x&ü%2F|#')} y`)).toEqual([]);
  });
});

const traced = describe.skipIf(!hasStrace);
traced(`no secret gets out of any command${hasStrace ? '' : ' (strace is not installed, or may not trace)'}`, () => {
  const patience = { timeout: 120_000 };

  it.concurrent('check', patience, async () => {
    const place = new Place('check', checkout);
    const good = [...at(healthy), ...socketOf(healthy)];
    await place.keeps([
      { args: ['check', ...steps, ...good, ...everyWay], codes: [0] },
      { args: ['check', ...steps, ...good, '--json', ...everyWay], codes: [0] },
      { args: ['check', ...steps, ...good, '--ndjson', ...everyWay, '--secret-file', 'secret'], codes: [0] },
      ...telling.flatMap((server) => [
        { args: ['check', ...steps, ...at(server), ...everyWay], codes: [0, 1, 3] },
        { args: ['check', ...steps, ...at(server), '--ndjson', '--trace', 'har'], codes: [0, 1, 3] },
      ]),
      { args: ['check', ...at(nobody), ...everyWay], codes: [3] },
      { args: ['check', ...steps, ...good, '--trace', 'cookie/har'], codes: [2] },
      { args: ['check', ...steps, ...at(healthy), ...everyWay], codes: [70], env: crash('network', 'password') },
      { args: ['check', '--list'], codes: [0] },
    ]);
    // the product is there: what is searched is not empty
    expect(
      filesBelow(join(place.folder, 'reports'))
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...formats, 'har'].sort());
  });

  it.concurrent('token', patience, async () => {
    const fetching = ['token', 'fetch', '--no-input', '--auth'];
    const knows = ['secret', 'jwt'] as const;
    await new Place('token', checkout).keeps([
      { args: [...fetching, `http://127.0.0.1:${healthy.port}`], codes: [0], product: 'jwt' },
      ...telling.map(({ port }) => ({
        args: [...fetching, `http://127.0.0.1:${port}`],
        codes: [0, 1, 3],
        product: 'jwt',
      })),
      { args: [...fetching, 'http://127.0.0.1:1'], codes: [3] },
      { args: [...fetching, `http://127.0.0.1:${healthy.port}`], codes: [70], env: crash('network', 'password') },
      { args: ['token', 'mint', '--secret-env', 'BETTER_AUTH_SECRET', '--sub', 'u'], codes: [0] },
      { args: ['token', 'mint', '--secret-file', '-', '--sub', 'u', '--expired'], codes: [0], input: canaries.secret },
      { args: ['token', 'mint', '--env-file', 'backend/.env', '--sub', 'u', '--ttl', '90d'], codes: [5] },
      {
        args: ['token', 'mint', '--secret-file', 'secret', '--sub', 'u'],
        codes: [70],
        env: crash('signature', 'secret'),
      },
      { args: ['token', 'verify', 'token', '--secret-file', 'secret'], codes: [0] },
      { args: ['token', 'verify', '-', '--secret-file', 'secret', '--json'], codes: [0], input: canaries.jwt },
      { args: ['token', 'verify', 'token', '--secret-file', 'cookie', '--json'], codes: [1] },
      { args: ['token', 'verify', 'secret', '--secret-file', 'token'], codes: [1] },
      { args: ['token', 'verify', 'token', '--secret-file', 'secret'], codes: [70], env: crash('signature', ...knows) },
      { args: ['token', 'which', 'token', '--env-file', 'backend/.env'], codes: [0] },
      { args: ['token', 'which', 'token', '--env-file', 'backend/.env', '--json'], codes: [0] },
      { args: ['token', 'which', 'cookie', '--secret-file', 'secret', '--json'], codes: [1] },
      { args: ['token', 'which', 'token', '--secret-file', 'secret'], codes: [70], env: crash('signature', 'secret') },
      { args: ['token', 'decode', 'token'], codes: [0] },
      { args: ['token', 'decode', '-', '--json'], codes: [0], input: canaries.jwt },
      { args: ['token', 'decode', 'cookie'], codes: [1] },
    ]);
  });

  it.concurrent('env, init, config, completion and what else looks at files', patience, async () => {
    const place = new Place('files', checkout);
    const written = /\/(\.env|\.lockstep)[^/]*$/;
    const init = ['init', '--no-input', '--database-url-env', 'DATABASE_URL'];
    await place.keeps([
      { args: [], codes: [0, 1] },
      { args: ['env', 'check'], codes: [0, 1] },
      { args: ['env', 'check', '--json'], codes: [0, 1] },
      { args: ['config', 'show', '--origin', '--json'], codes: [0] },
      { args: ['config', 'show', ...at(healthy), '--origin'], codes: [0] },
      { args: ['config', 'show', '--config', 'cookie'], codes: [2] },
      { args: ['support', '--offline'], codes: [0] },
      { args: ['explain', 'env/secret.differs'], codes: [0] },
      { args: ['completion', 'bash'], codes: [0] },
      { args: ['completion', '--candidates', '--', 'check', '--target', ''], codes: [0] },
      { args: ['secret'], codes: [0] },
      { args: ['cleanup', '--dry-run', '--json'], codes: [0] },
      { args: [...init, '--check', '--json'], codes: [0, 4] },
      { args: init, codes: [0, 5] },
      { args: [...init, '--yes', '--json'], codes: [0], holds: written },
      { args: ['env', 'check', '--fix'], codes: [0, 1], holds: written },
    ]);
    const other = envFile({ ...own, BETTER_AUTH_SECRET: `${canaries.secret}-of-the-other-half` });
    await new Place('files-apart', { ...checkout, 'backend/.env': other }).keeps([
      { args: [], codes: [1] },
      { args: ['env', 'check'], codes: [1] },
      { args: ['env', 'check', '--json'], codes: [1] },
      { args: ['env', 'check'], codes: [70], env: crash('signature', 'secret') },
      { args: ['diagnose', '--offline', '--checkout'], codes: [1] },
      { args: [...init, '--check'], codes: [4, 5] },
      { args: [...init, '--adopt', 'frontend', '--yes'], codes: [0], holds: written },
    ]);
    // a checkout in which nothing is written yet
    const empty = new Place('files-none', {
      'frontend/package.json': '{ "dependencies": { "next": "16.0.0", "better-auth": "1.7.0" } }',
      'backend/requirements.txt': 'fastapi\nasyncpg\npython-dotenv\n',
    });
    await empty.keeps([{ args: [...init, '--yes'], codes: [0], holds: written }]);
    for (const { name, mode, text } of filesBelow(empty.folder))
      if (found(text).length > 0) expect([name, mode]).toEqual([expect.stringMatching(/\/\.env(\.local)?$/), 0o600]);
  });

  it.concurrent('diagnose', patience, async () => {
    const place = new Place('diagnose', checkout);
    const handed = ['--token-file', 'token', '--cookie-file', 'cookie'];
    const online = [...at(healthy), '--user-a', email, '--no-database', '--replicas', '2'];
    await place.keeps([
      { args: ['diagnose', '--offline', ...handed], codes: [0, 1, 3] },
      { args: ['diagnose', ...online, ...handed, '--har', 'traffic.har', '--record', 'evidence'], codes: [0, 1, 3] },
      { args: ['diagnose', '--replay', 'evidence', '--json'], codes: [0, 1, 3] },
      ...telling.map((server) => ({
        args: ['diagnose', ...at(server), '--user-a', email, '--no-database', '--replicas', '2', '--json'],
        codes: [0, 1, 3],
      })),
      { args: ['diagnose', ...at(nobody), '--database-url-env', 'DATABASE_URL', '--json'], codes: [1, 3] },
      { args: ['diagnose', ...online], codes: [70], env: crash('network', 'password', 'secret') },
      { args: ['support', ...online, ...handed], codes: [0] },
    ]);
  });

  it.concurrent('cleanup, with a password on record', patience, async () => {
    const place = new Place('cleanup', checkout);
    const auth = `http://127.0.0.1:${healthy.port}/api/auth`;
    const head = {
      version: 1,
      run: 'a1b2c3d4e5',
      place: { name: 'local', auth, api: null, tokenRoute: '/token' },
      writer: { host: hostname(), pid: 2 ** 22 + 1, start: null },
      at: 0,
    };
    const made = { kind: 'user', email: 'lockstep@example.invalid', password: canaries.password, keys: [] };
    const runs = join(place.home, '.local/state/lockstep/runs');
    mkdirSync(runs, { recursive: true, mode: 0o700 });
    const journal = [head, { n: 1, at: 0, made }].map((line) => `${JSON.stringify(line)}\n`).join('');
    writeFileSync(join(runs, 'a1b2c3d4e5.jsonl'), journal, { mode: 0o600 });
    const holds = /\/lockstep\/runs\/[^/]*$/;
    const rows = [
      { args: ['cleanup', '--dry-run'], codes: [0] },
      { args: ['cleanup', '--json'], codes: [1, 3], holds },
      { args: ['cleanup'], codes: [70], env: crash('network', 'password'), holds },
    ];
    for (const row of rows) {
      const seen = await place.run(row);
      expect(row.codes, `${row.args}: ${seen.out}${seen.err}`).toContain(seen.code);
      expect(leaks(seen, row)).toEqual([]);
    }
    expect(filesBelow(place.home).map(({ mode }) => mode)).toEqual([0o600]);
  });

  (hasPostgres ? it.concurrent : it.skip)('migrate', patience, async () => {
    const { port, pathname, search } = new URL((await postgres?.database()) as string);
    expect(port).toBe('');
    const env = { DATABASE_URL: databaseAt(`localhost${pathname}${search}`) };
    const sure = ['--yes', '--no-input'];
    const here = (args: readonly string[], ...codes: number[]): Row => ({ args: ['migrate', ...args], codes, env });
    await new Place('migrate', checkout).keeps([
      here(['status'], 4),
      here(['plan'], 0, 4),
      here(['up', ...sure, '--json'], 0),
      here(['status', '--json'], 0),
      here(['drift', '--json'], 0),
      here(['repair', ...sure], 0),
      here(['down', ...sure], 0, 5),
      here(['up', '--no-input'], 0, 5),
      here(['drift', '--schema', 'nowhere'], 1, 2, 3),
      { args: ['migrate', 'status'], codes: [3] },
      { args: ['migrate', 'up', ...sure, '--json'], codes: [3] },
      { args: ['migrate', 'status'], codes: [70, 3], env: { ...env, ...crash('network', 'database') } },
      { args: ['migrate', 'status'], codes: [2], env: { DATABASE_URL: `postgres://u:${canaries.database}@h/x/y` } },
    ]);
  });
});

traced('no secret gets out of a demo', () => {
  const pythons = ['-I', '-c', 'import starlette, uvicorn, websockets, jwt, cryptography, psycopg2'];
  const hasPython = spawnSync('/usr/bin/python3', pythons).status === 0;

  it('nor to its five processes, but by pipes and by files that they alone may read', {
    timeout: 180_000,
  }, async () => {
    const { pathname, search } = new URL((await postgres?.database()) ?? 'x://x/x');
    const given = postgres === null ? [] : ['--database-url-env', 'DATABASE_URL'];
    const backend = hasPython ? ['--backend', 'python'] : [];
    const place = new Place('demo');
    const seen = await place.run({
      args: ['demo', '--json', '--edge', '--tls', ...given, ...backend, ...everyWay],
      env: { GITHUB_ACTIONS: 'true', DATABASE_URL: databaseAt(`localhost${pathname}${search}`) },
    });
    // traced, it is slow: what matters is what gets out of it
    expect([0, 1, 3], seen.out + seen.err).toContain(seen.code);
    // what it took for a secret, as it tells the runner of GitHub Actions: passwords, cookies, tokens, keys
    const masked = /^::add-mask::(.*)\n/gm;
    const known = [...seen.err.matchAll(masked)].map(([, value = '']) => decodeURIComponent(value));
    expect(known.length).toBeGreaterThan(50);
    const err = seen.err.replaceAll(masked, '');
    const [self, ...children] = seen.started;
    expect(self?.argv.slice(2, 3)).toEqual(['demo']);
    expect(children.length).toBeGreaterThanOrEqual(hasPython ? 6 : 4);
    const all = { ...seen, err };
    const files = /\/lockstep-demo-[^/]*\/(frontend\/\.env\.local|backend\/\.env)$/;
    expect(leaks(all, { holds: files })).toEqual([]);
    const texts = [
      seen.out,
      err,
      ...children.flatMap(({ argv, env }) => [argv.join('\n'), env.join('\n')]),
      ...[...seen.files].filter(([file]) => !files.test(file)).map(([, text]) => text),
    ];
    expect(known.filter((value) => texts.some((text) => text.includes(value)))).toEqual([]);
    expect([...seen.files.keys()].filter((file) => files.test(file))).toHaveLength(2);
    expect(filesBelow(place.temporary)).toEqual([]);
    expect(filesBelow(place.home)).toEqual([]);
  });

  it('that cannot start, or fails while it does', { timeout: 120_000 }, async () => {
    const given = ['demo', '--database-url-env', 'DATABASE_URL'];
    const bare = `postgresql://postgres:${canaries.database}@localhost/app`;
    await new Place('demo-not').keeps([
      { args: given, codes: [3] },
      { args: [...given, '--json'], codes: [2, 3], env: { DATABASE_URL: bare } },
      { args: ['demo'], codes: [70], env: crash('network', 'password') },
    ]);
  });

  it('is asked of every place in the code that starts a process', () => {
    const starts = readdirSync(join(import.meta.dirname, '../../src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .filter((file) =>
        readFileSync(join(import.meta.dirname, '../../src', file), 'utf8').includes('node:child_process'),
      );
    // a new one belongs here once a run above passes by it
    expect(starts.sort()).toEqual([
      'demo/folder.ts',
      'demo/python/interpreter.ts',
      'demo/python/main.ts',
      'demo/service.ts',
    ]);
  });
});
