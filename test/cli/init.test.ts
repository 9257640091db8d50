import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'dotenv';
import { parse as parseJsonc } from 'jsonc-parser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse.js';
import type { Checkout } from '../support/checkout.js';
import { checkout, quickstart } from '../support/checkout.js';

const require = createRequire(import.meta.url);
const database = 'postgresql://app:p%40ss-w0rd@ep-x.neon.tech/app?sslmode=require&channel_binding=require';
const env = { DB: database };
const unattended = ['init', '--yes', '--no-input', '--database-url-env', 'DB'];

let at: Checkout;
beforeEach(() => {
  at = checkout();
});
afterEach(() => at.remove());

/** The variables of an env file, by dotenv. */
const variables = (name: string) => parse(at.read(name));
/** What the frontend's own loader gives it. */
function nextSees(): Record<string, string | undefined> {
  const script = `const { loadEnvConfig } = require(${JSON.stringify(require.resolve('@next/env'))});
    console.log(JSON.stringify(loadEnvConfig(process.argv[1], true, { info() {}, error() {} }).combinedEnv));`;
  // a process of its own: it reads and changes the environment
  const out = execFileSync(process.execPath, ['-e', script, at.path('frontend')], { env: {}, encoding: 'utf8' });
  return JSON.parse(out);
}

describe('a fresh checkout', () => {
  test('gets every variable of both halves, the same secret on both sides, each database URL in its dialect', async () => {
    const { code, err } = await at.lockstep(unattended, { env });
    expect(err).toBe('');
    expect(code).toBe(0);
    const frontend = nextSees();
    expect(frontend).toMatchObject({
      DATABASE_URL: database,
      BETTER_AUTH_SECRET: expect.stringMatching(/^[0-9a-f]{64}$/),
      BETTER_AUTH_URL: 'http://localhost:3000',
      NEXT_PUBLIC_API_URL: 'http://localhost:8000',
      NEXT_PUBLIC_BETTER_AUTH_URL: 'http://localhost:3000',
    });
    expect(variables('backend/.env')).toEqual({
      DATABASE_URL: 'postgresql+asyncpg://app:p%40ss-w0rd@ep-x.neon.tech/app?ssl=require',
      BETTER_AUTH_SECRET: frontend.BETTER_AUTH_SECRET,
      ENVIRONMENT: 'development',
      CORS_ORIGINS: '["http://localhost:3000"]',
      MCP_SERVER_URL: 'http://localhost:8001',
    });
    for (const name of ['frontend/.env.local', 'backend/.env'])
      expect(statSync(at.path(name)).mode & 0o777).toBe(0o600);
  });

  test('gets examples without a secret, .gitignore entries, and a lockstep.json that lockstep reads', async () => {
    await at.lockstep(unattended, { env });
    const secret = variables('backend/.env').BETTER_AUTH_SECRET as string;
    const shared = ['frontend/.env.example', 'backend/.env.example', '.gitignore', 'lockstep.json']
      .map(at.read)
      .join('');
    expect(shared).not.toContain(secret);
    expect(shared).not.toContain('ss-w0rd');
    expect(Object.keys(variables('frontend/.env.example'))).toEqual(Object.keys(variables('frontend/.env.local')));
    expect(Object.keys(variables('backend/.env.example')).sort()).toEqual(
      [...Object.keys(variables('backend/.env')), 'AI_MODEL_PROVIDER', 'GEMINI_API_KEY', 'OPENAI_API_KEY'].sort(),
    );
    expect(at.read('.gitignore').split('\n')).toEqual(expect.arrayContaining(['.env', '.env.local', '.env*.bak.*']));
    expect(parseConfig({ name: 'lockstep.json', text: at.read('lockstep.json') })).toMatchObject({
      mistakes: [],
      config: {
        services: {
          frontend: { dir: 'frontend', loader: 'next', env: '.env.local' },
          backend: { dir: 'backend', loader: 'python-dotenv', env: '.env', driver: 'asyncpg' },
        },
        targets: { local: { auth: 'http://localhost:3000/api/auth', api: 'http://localhost:8000' } },
      },
    });
  });

  test('is in step after that: nothing to do, exit 0, no file touched, with the flags of before and with none', async () => {
    await at.lockstep(unattended, { env });
    const before = at.snapshot();
    for (const args of [unattended, ['init', '--yes', '--no-input'], ['init'], ['init', '--check']]) {
      expect(await at.lockstep(args, { env })).toEqual({ code: 0, out: 'in step, nothing to do\n', err: '' });
    }
    expect(at.snapshot()).toEqual(before);
  });

  test('shows one diff of all files in which no secret stands, on any stream', async () => {
    const { out, err } = await at.lockstep([...unattended, '--model', 'gemini', '--model-key-env', 'KEY'], {
      env: { ...env, KEY: 'AIzaSy-model-key-0123456789' },
    });
    for (const name of [
      'frontend/.env.local',
      'backend/.env',
      'frontend/.env.example',
      '.gitignore',
      'lockstep.json',
    ]) {
      expect(out).toContain(`${name}  new`);
    }
    expect(out).toContain('+ DATABASE_URL=postgresql+asyncpg://[secret]');
    expect(out).toContain('+ GEMINI_API_KEY=[secret]');
    const secret = variables('backend/.env').BETTER_AUTH_SECRET as string;
    for (const text of [secret, 'p%40ss-w0rd', 'AIzaSy-model-key-0123456789']) expect(out + err).not.toContain(text);
    expect(variables('backend/.env')).toMatchObject({
      AI_MODEL_PROVIDER: 'gemini',
      GEMINI_API_KEY: 'AIzaSy-model-key-0123456789',
    });
  });

  test('--check changes nothing and ends with 4, whether or not the answers are known', async () => {
    const before = at.snapshot();
    expect(await at.lockstep(['init', '--check', '--database-url-env', 'DB'], { env })).toMatchObject({ code: 4 });
    expect(await at.lockstep(['init', '--check', '--yes'])).toMatchObject({ code: 4 });
    expect(at.snapshot()).toEqual(before);
  });

  test('--json gives one object and asks nothing', async () => {
    const { code, out } = await at.lockstep([...unattended, '--json'], { env, answers: {} });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1, command: 'init', outcome: 'ok', backups: [] });
    expect(JSON.parse((await at.lockstep(['init', '--json'])).out)).toMatchObject({ outcome: 'ok', changes: [] });
  });
});

describe('what nobody says', () => {
  test('ends with exit 5 and the flags, all of them, and nothing is written', async () => {
    const before = at.snapshot();
    const { code, err } = await at.lockstep(['init', '--yes', '--no-input', '--model', 'openai']);
    expect(code).toBe(5);
    expect(err).toContain('--database-url-env');
    expect(err).toContain('--model-key-env');
    expect(at.snapshot()).toEqual(before);
  });

  test('consent is --yes: without it, and with nobody there, exit 5', async () => {
    const before = at.snapshot();
    const { code, err } = await at.lockstep(['init', '--database-url-env', 'DB'], { env });
    expect(code).toBe(5);
    expect(err).toContain('--yes');
    expect(at.snapshot()).toEqual(before);
  });

  test('folders that cannot be told are asked for by flag', async () => {
    const bare = checkout({ 'a/x.txt': '', 'b/x.txt': '' });
    try {
      const { code, err } = await bare.lockstep(unattended, { env });
      expect(code).toBe(5);
      expect(err).toContain('--frontend-dir, --backend-dir');
      const flags = ['--frontend-dir', 'a', '--backend-dir', 'b'];
      expect(await bare.lockstep([...unattended, ...flags], { env })).toMatchObject({ code: 0 });
      expect(parse(bare.read('b/.env'))).toHaveProperty('BETTER_AUTH_SECRET');
    } finally {
      bare.remove();
    }
  });

  test('the database URL comes from a variable, a file, standard input, or DATABASE_URL, never from a value', async () => {
    writeFileSync(at.path('url'), `${database}\n`);
    const ways = [
      { args: ['--database-url-file', 'url'], options: {} },
      { args: ['--database-url-file', '-'], options: { input: `${database}\n` } },
      { args: [], options: { env: { DATABASE_URL: database } } },
    ];
    for (const { args, options } of ways) {
      const { code, err } = await at.lockstep(['init', '--yes', '--no-input', ...args], options);
      expect(code).toBe(0);
      // what is left out, or where it comes from, is said
      expect(err).toMatch(/line end|DATABASE_URL/);
      expect(nextSees().DATABASE_URL).toBe(database);
      for (const name of ['frontend/.env.local', 'backend/.env', 'lockstep.json']) rmSync(at.path(name));
    }
    expect(await at.lockstep(['init', '--database-url', database])).toMatchObject({ code: 2 });
  });

  test.each(['mysql://h/db', 'postgresql://u:sup3r#secret@h/db', ''])(
    'a database URL like %j is refused without being shown',
    async (url) => {
      const { code, out, err } = await at.lockstep(unattended, { env: { DB: url } });
      expect(code).toBe(2);
      expect(out + err).not.toContain('sup3r');
    },
  );
});

describe('files that are there', () => {
  const mine = '# mine\r\nZ=1\r\nexport BETTER_AUTH_URL = "https://app.example"  # kept\r\nODD\r\nDATABASE_URL=\r\n';

  test('keep comments, order, line ends and unknown variables; what they set is used and not asked for', async () => {
    writeFileSync(at.path('frontend/.env.local'), mine);
    chmodSync(at.path('frontend/.env.local'), 0o644);
    const { code, err } = await at.lockstep(unattended, { env });
    expect(code).toBe(0);
    const now = at.read('frontend/.env.local');
    const [kept] = now.split('DATABASE_URL=');
    expect(kept).toBe(mine.split('DATABASE_URL=')[0]);
    expect(now).not.toMatch(/[^\r]\n/);
    expect(nextSees()).toMatchObject({ BETTER_AUTH_URL: 'https://app.example', DATABASE_URL: database });
    expect(variables('backend/.env').CORS_ORIGINS).toBe('["https://app.example"]');
    expect(statSync(at.path('frontend/.env.local')).mode & 0o777).toBe(0o600);
    const backup = /kept as (\S+)/.exec(err)?.[1] as string;
    expect(at.read(backup)).toBe(mine);
  });

  test('a name of its own for the secret is used on that side and remembered', async () => {
    await at.lockstep([...unattended, '--backend-secret-name', 'JWT_SECRET'], { env });
    const { JWT_SECRET, ...rest } = variables('backend/.env');
    expect(JWT_SECRET).toBe(variables('frontend/.env.local').BETTER_AUTH_SECRET);
    expect(rest).not.toHaveProperty('BETTER_AUTH_SECRET');
    expect(await at.lockstep(['init', '--check'])).toMatchObject({ code: 0 });
    expect(parseJsonc(at.read('lockstep.json')).services.backend.names).toEqual({ secret: 'JWT_SECRET' });
  });

  test('a flag changes what it names and nothing else, lockstep.json and its comments included', async () => {
    await at.lockstep(unattended, { env });
    writeFileSync(at.path('lockstep.json'), at.read('lockstep.json').replace('{\n', '{\n  // my own words\n'));
    const before = variables('frontend/.env.local');
    expect(await at.lockstep(['init', '--yes', '--auth', 'https://app.example/'])).toMatchObject({ code: 0 });
    const url = 'https://app.example';
    expect(variables('frontend/.env.local')).toEqual({
      ...before,
      BETTER_AUTH_URL: url,
      NEXT_PUBLIC_BETTER_AUTH_URL: url,
    });
    expect(variables('backend/.env').CORS_ORIGINS).toBe('["http://localhost:3000","https://app.example"]');
    expect(at.read('lockstep.json')).toContain('// my own words');
    expect(parseJsonc(at.read('lockstep.json')).targets.local.auth).toBe('https://app.example/api/auth');
    expect(await at.lockstep(['init', '--check'])).toMatchObject({ code: 0 });
  });

  test('a URL that somebody put a password into is not shown with it', async () => {
    writeFileSync(
      at.path('backend/.env'),
      'MCP_SERVER_URL=http://me:hunter2hunter2@mcp.example/x?key=hunter3hunter3\n',
    );
    const { code, out, err } = await at.lockstep([...unattended, '--mcp', 'http://localhost:8002'], { env });
    expect(code).toBe(0);
    expect(out).toContain('- MCP_SERVER_URL=http://[secret]@mcp.example/x?[secret]');
    expect(out + err).not.toMatch(/hunter[23]/);
  });

  test('the other half is filled from the one that is set up, in its own dialect', async () => {
    writeFileSync(
      at.path('backend/.env'),
      'DATABASE_URL=postgresql+asyncpg://u:p@h/db?ssl=require\nBETTER_AUTH_SECRET=from-the-backend-0123456789abcdefgh\n',
    );
    expect(await at.lockstep(['init', '--yes', '--no-input'])).toMatchObject({ code: 0 });
    expect(nextSees()).toMatchObject({
      DATABASE_URL: 'postgresql://u:p@h/db?sslmode=require',
      BETTER_AUTH_SECRET: 'from-the-backend-0123456789abcdefgh',
    });
  });

  test('what another file of the same loader already says is not written twice', async () => {
    writeFileSync(at.path('frontend/.env'), 'BETTER_AUTH_URL=https://from-env.example\n');
    await at.lockstep(unattended, { env });
    expect(variables('frontend/.env.local')).not.toHaveProperty('BETTER_AUTH_URL');
    expect(nextSees().BETTER_AUTH_URL).toBe('https://from-env.example');
  });

  test('a stronger file that hides a new value is named, and nothing is written', async () => {
    await at.lockstep(unattended, { env });
    writeFileSync(at.path('frontend/.env.development.local'), 'BETTER_AUTH_URL=https://hides.example\n');
    const before = at.snapshot();
    const { code, err } = await at.lockstep(['init', '--yes', '--auth', 'https://app.example']);
    expect(code).toBe(5);
    expect(err).toContain('frontend/.env.development.local sets BETTER_AUTH_URL');
    expect(at.snapshot()).toEqual(before);
  });

  test('patterns that keep the env files out of git already are enough', async () => {
    writeFileSync(at.path('.gitignore'), 'node_modules\n.env*\n!.env.example\n.lockstep.*\n');
    await at.lockstep(unattended, { env });
    expect(at.read('.gitignore')).toBe('node_modules\n.env*\n!.env.example\n.lockstep.*\n');
  });
});

describe('two secrets that differ', () => {
  const [theirs, ours] = ['frontend-secret-0123456789-abcdefghij', 'backend-secret-0123456789-abcdefghijk'];
  beforeEach(async () => {
    await at.lockstep(unattended, { env });
    for (const [name, secret] of [
      ['frontend/.env.local', theirs],
      ['backend/.env', ours],
    ] as const) {
      writeFileSync(at.path(name), at.read(name).replace(/BETTER_AUTH_SECRET=.*/, `BETTER_AUTH_SECRET=${secret}`));
    }
  });
  const secrets = () => ['frontend/.env.local', 'backend/.env'].map((name) => variables(name).BETTER_AUTH_SECRET);

  test.each([
    ['init', '--yes', '--no-input'],
    ['init', '--check'],
    ['init', '--yes', '--no-input', '--replace-secret'],
    ['init', '--yes', '--no-input', '--replace-secret', '--confirm', 'SECRET'],
    ['init', '--yes', '--no-input', '--confirm', 'BETTER_AUTH_SECRET'],
  ])('stay as they are without a word that is meant: %s %s %s %s', async (...args) => {
    const before = at.snapshot();
    const { code, out, err } = await at.lockstep(args);
    expect(code).toBe(5);
    expect(at.snapshot()).toEqual(before);
    expect(out + err).not.toMatch(/frontend-secret|backend-secret/);
  });

  test('the one of a side is adopted by the other, and the old file is kept', async () => {
    const { code, err } = await at.lockstep(['init', '--yes', '--adopt', 'frontend']);
    expect(code).toBe(0);
    expect(secrets()).toEqual([theirs, theirs]);
    expect(at.read(/kept as (\S+)/.exec(err)?.[1] as string)).toContain(ours);
    await at.lockstep(['init', '--yes', '--adopt', 'backend']);
    expect(secrets()).toEqual([theirs, theirs]);
  });

  test('a new one takes the place of both when its name is confirmed', async () => {
    const args = ['init', '--yes', '--no-input', '--replace-secret', '--confirm', 'BETTER_AUTH_SECRET'];
    expect(await at.lockstep(args)).toMatchObject({ code: 0 });
    const [one, other] = secrets();
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(other).toBe(one);
  });

  test('a person chooses: a side, a new one by typing its name, or nothing', async () => {
    const question = 'the two sides hold different secrets';
    const before = at.snapshot();
    const answers = { [question]: 'stop', type: 'x', write: true };
    expect(await at.lockstep(['init'], { answers })).toMatchObject({ code: 5 });
    expect(await at.lockstep(['init'], { answers: { ...answers, [question]: 'new' } })).toMatchObject({ code: 5 });
    expect(at.snapshot()).toEqual(before);
    expect(await at.lockstep(['init'], { answers: { ...answers, [question]: 'backend' } })).toMatchObject({ code: 0 });
    expect(secrets()).toEqual([ours, ours]);
    const anew = { type: 'BETTER_AUTH_SECRET', write: true };
    expect(await at.lockstep(['init', '--replace-secret'], { answers: anew })).toMatchObject({ code: 0 });
    expect(secrets()[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a person at the terminal', () => {
  const answers = {
    'database URL': database,
    'URL of the frontend': 'http://localhost:4000',
    'URL of the API': 'http://localhost:9000',
    'URL of the MCP': 'http://localhost:9001',
    'model provider': 'openai',
    OPENAI_API_KEY: 'sk-0123456789abcdef',
    write: true,
  };

  test('is asked for what nobody has said, and the second time for nothing', async () => {
    expect(await at.lockstep(['init'], { answers })).toMatchObject({ code: 0 });
    expect(nextSees()).toMatchObject({
      BETTER_AUTH_URL: 'http://localhost:4000',
      NEXT_PUBLIC_API_URL: 'http://localhost:9000',
    });
    expect(variables('backend/.env')).toMatchObject({
      OPENAI_API_KEY: 'sk-0123456789abcdef',
      CORS_ORIGINS: '["http://localhost:4000"]',
    });
    expect(await at.lockstep(['init'], { answers: {} })).toMatchObject({ code: 0, out: 'in step, nothing to do\n' });
  });

  test('who says no changes nothing', async () => {
    const before = at.snapshot();
    expect(await at.lockstep(['init'], { answers: { ...answers, write: false } })).toMatchObject({ code: 5 });
    expect(at.snapshot()).toEqual(before);
  });
});

describe('layouts', () => {
  const next = quickstart['frontend/package.json'] as string;
  const vite = '{ "dependencies": { "better-auth": "1" }, "devDependencies": { "vite": "8" } }';
  test.each([
    {
      root: 'phaseIII',
      frontend: 'phaseIII/frontend',
      backend: 'phaseIII/backend',
      pack: next,
      python: 'requirements.txt',
    },
    { root: '', frontend: 'apps/web', backend: 'apps/api', pack: next, python: 'pyproject.toml' },
    {
      root: 'phaseIII',
      frontend: 'phaseIII/apps/web',
      backend: 'phaseIII/apps/api',
      pack: vite,
      python: 'pyproject.toml',
    },
  ])('$frontend beside $backend is found from $root/', async ({ root, frontend, backend, pack, python }) => {
    const text = python.endsWith('toml')
      ? '[project]\ndependencies = [\n  "fastapi>=0.1",\n  "pydantic-settings",\n  "psycopg[binary]>=3"\n]\n'
      : 'fastapi\nasyncpg\n';
    const other = checkout({
      [`${frontend}/package.json`]: pack,
      [`${backend}/${python}`]: text,
      'docs/package.json': '{}',
    });
    try {
      expect(await other.lockstep(unattended, { env, cwd: root })).toMatchObject({ code: 0, err: '' });
      const prefix = pack === vite ? 'VITE_' : 'NEXT_PUBLIC_';
      expect(parse(other.read(`${frontend}/.env.local`))).toHaveProperty(`${prefix}API_URL`);
      const scheme = python.endsWith('toml') ? /^postgresql:/ : /^postgresql\+asyncpg:/;
      expect(parse(other.read(`${backend}/.env`)).DATABASE_URL).toMatch(scheme);
      // from a folder below, the same lockstep.json is found
      expect(await other.lockstep(['init', '--check'], { cwd: backend })).toMatchObject({ code: 0 });
    } finally {
      other.remove();
    }
  });

  test('two folders that look alike are not guessed between', async () => {
    const other = checkout({
      ...quickstart,
      'other/package.json': next,
      'more/package.json': next,
      'frontend/package.json': '{}',
    });
    try {
      const { code, err } = await other.lockstep(unattended, { env });
      expect(code).toBe(5);
      expect(err).toContain('--frontend-dir');
    } finally {
      other.remove();
    }
  });
});

describe('bad files end in words, exit 2, 3 or 5, and nothing is written', () => {
  test.each<[string, (path: string) => void, number, RegExp]>([
    ['a folder', (path) => mkdirSync(path), 2, /is a folder/],
    ['a link', (path) => symlinkSync('/etc/hostname', path), 5, /symbolic link/],
    ['a dangling link', (path) => symlinkSync('nowhere', path), 5, /symbolic link/],
    ['UTF-16', (path) => writeFileSync(path, Buffer.from('\ufeffA=1\n', 'utf16le')), 2, /UTF-16/],
    ['binary', (path) => writeFileSync(path, Buffer.from([1, 0, 0, 2, 255])), 2, /not a text file/],
    ['10 MB', (path) => writeFileSync(path, Buffer.alloc(10_000_000, 'A=1\n')), 2, /10000000 bytes/],
    ['an open quote', (path) => writeFileSync(path, 'A=1\nB="open\nC=1\n'), 2, /\.env:2: the quote " is not closed/],
  ])("%s in the place of the backend's .env", async (_, make, code, said) => {
    make(at.path('backend/.env'));
    const before = at.snapshot();
    const ended = await at.lockstep(unattended, { env });
    expect(ended).toMatchObject({ code, err: expect.stringMatching(said) });
    expect(at.snapshot()).toEqual(before);
  });

  test('a byte order mark and doubled names are kept, and the last of a name counts', async () => {
    writeFileSync(
      at.path('frontend/.env.local'),
      '\ufeff# mine\nBETTER_AUTH_URL=http://first\nBETTER_AUTH_URL=http://second:1\n',
    );
    expect(await at.lockstep(unattended, { env })).toMatchObject({ code: 0 });
    expect(at.read('frontend/.env.local')).toMatch(
      /^\ufeff# mine\nBETTER_AUTH_URL=http:\/\/first\nBETTER_AUTH_URL=http:\/\/second:1\n/,
    );
    expect(nextSees().NEXT_PUBLIC_BETTER_AUTH_URL).toBe('http://second:1');
  });

  test('a wrong lockstep.json is told with its place', async () => {
    writeFileSync(at.path('lockstep.json'), '{ "services": { "frontend": { "dir": "" } } }');
    expect(await at.lockstep(unattended, { env })).toMatchObject({
      code: 2,
      err: expect.stringContaining('lockstep.json:1:'),
    });
  });

  test('a file that changes while a person thinks is not overwritten', async () => {
    const world = { 'database URL': database, URL: 'http://localhost:3000', model: 'none' };
    const answers = Object.defineProperty({ ...world, write: true }, 'write', {
      enumerable: true,
      get() {
        writeFileSync(at.path('backend/.env'), 'THEIRS=1\n');
        return true;
      },
    });
    expect(await at.lockstep(['init'], { answers })).toMatchObject({
      code: 5,
      err: expect.stringContaining('has changed'),
    });
    expect(at.read('backend/.env')).toBe('THEIRS=1\n');
    expect(Object.keys(at.snapshot()).sort()).toEqual(['backend/.env', ...Object.keys(quickstart)].sort());
  });

  test('what an env file would run is never run', async () => {
    writeFileSync(at.path('backend/.env'), `X=$(touch ${at.path('ran')})\nY=\`touch ${at.path('ran')}\`\n`);
    await at.lockstep(unattended, { env });
    expect(Object.keys(at.snapshot())).not.toContain('ran');
  });
});
