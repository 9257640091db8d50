import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CookieJar } from 'tough-cookie';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { commands } from '../../src/main/commands.js';
import { main } from '../../src/main.js';
import { bin } from '../support/bin.js';
import { fakeWorld } from '../support/fake-world.js';

const root = path.resolve(import.meta.dirname, '../..');
const bundle = path.join(root, 'dist/cli');
const made: Record<string, string[]> = JSON.parse(readFileSync(path.join(root, 'dist/build/chunks.json'), 'utf8'));
const secret = 'c0ffee00'.repeat(8);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lockstep-starts-'));
  const files = {
    secret,
    'frontend/.env.local': `BETTER_AUTH_SECRET=${secret}\n`,
    'backend/.env': `BETTER_AUTH_SECRET=${secret}\n`,
    'lockstep.json': JSON.stringify({
      services: { frontend: { dir: 'frontend', loader: 'next' }, backend: { dir: 'backend', loader: 'python-dotenv' } },
    }),
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text, { mode: 0o600 });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function node(args: readonly string[], env: Record<string, string> = {}, cwd = folder) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

/** What a run loads: packages and folders of src by the chunks that it opened, and modules of Node beyond an empty start. */
function loaded(args: readonly string[], cwd = folder) {
  const file = path.join(folder, 'loaded.json');
  const env = { LOADED_FILE: file, DATABASE_URL: 'postgresql://user@localhost:1/app' };
  const { code } = node(['-r', path.join(root, 'test/support/loaded.cjs'), bin, ...args], env, cwd);
  const { chunks, builtins }: { chunks: string[]; builtins: string[] } = JSON.parse(readFileSync(file, 'utf8'));
  const modules = chunks.flatMap((chunk) => made[chunk] as string[]);
  const packages = modules.flatMap((id) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? []);
  return {
    code,
    chunks,
    packages: [...new Set(packages)].sort(),
    modules,
    // what both versions of Node load by themselves is not told
    builtins: builtins.filter((name) => costly.includes(name)).sort(),
  };
}
const costly = [
  'crypto',
  'net',
  'tls',
  'dns',
  'http',
  'https',
  'http2',
  'tty',
  'zlib',
  'child_process',
  'readline',
  'os',
];

/** what every start needs, or has beside it in a chunk: names alone */
const start =
  /^(package\.json|rolldown\/runtime\.js|\0.*|src\/(entry|main|main\/[\w-]+)\.ts|src\/(core|io)\/[\w-]+\.ts|src\/commands\/command\.ts|src\/env-file\/loader-name\.ts)$/;

describe('a command loads what it uses and nothing else', () => {
  it.each([
    { args: ['--version'] },
    { args: ['--help'] },
    { args: ['help', 'check'] },
    { args: ['migrate', 'up', '--help'] },
    { args: ['secret'], uses: /^src\/commands\/secret/, builtins: ['crypto'] },
    {
      args: ['env', 'check'],
      uses: /^src\/(env-file|commands\/(env|plain-flags|deadline)|config\/(plain-services|load)|report\/(env|text)|token\/duration)/,
      chunks: 8,
    },
    {
      args: ['token', 'mint', '--secret-file', 'secret', '--sub', 'user', '--ttl', '1h'],
      uses: /^src\/(token|commands\/(token|plain-flags|deadline|reach)|config\/load|report\/(token|text))/,
      builtins: ['crypto'],
      chunks: 8,
    },
    {
      args: ['token', 'verify', '--secret-file', 'secret', 'secret'],
      code: 1,
      uses: /^src\/(token|commands\/(token|plain-flags|deadline|reach)|config\/load|report\/(token|text))/,
      builtins: ['crypto'],
      chunks: 8,
    },
  ])('$args', ({ args, code = 0, uses = /^$/, builtins = [], chunks = 3 }) => {
    const seen = loaded(args);
    expect(seen).toMatchObject({ code, packages: [], builtins });
    expect(seen.modules.filter((id) => !start.test(id) && !uses.test(id))).toEqual([]);
    expect(seen.modules.length).toBeGreaterThan(3);
    // each is read from the disk
    expect(seen.chunks.length).toBeLessThanOrEqual(chunks);
  });

  it('and the parser of command lines where there is something to judge', () => {
    expect(loaded(['secret', '--nope'])).toMatchObject({ code: 2, packages: ['commander'] });
  });

  it.each(['status', 'up'])('migrate %s opens a database without Kysely, a parser or a client of HTTP', (verb) => {
    const { code, packages, modules } = loaded(['migrate', verb], '/');
    expect(code).toBe(3);
    expect(packages).toContain('pg');
    for (const name of ['kysely', 'commander', 'ws', 'zod', 'chalk', 'ora']) expect(packages).not.toContain(name);
    expect(modules.filter((id) => /^src\/(checks\/|io\/http\.)/.test(id))).toEqual([]);
  });

  it('check --list shows the plan without a client of HTTP', () => {
    const { code, packages, modules } = loaded(['check', '--list']);
    expect(code).toBe(0);
    expect(modules).not.toContain('src/io/http.ts');
    for (const name of ['ws', 'pg', 'kysely', 'ora', '@inquirer/core']) expect(packages).not.toContain(name);
  });
});

it.each([
  'localhost',
  '127.0.0.1',
  '[::1]',
  '[2001:db8::a]',
  'app.localhost',
  'b\u00fccher.example',
  'app.example.co.uk',
])('the cookie jar of the build keeps and gives for %s what that of the package does', async (host) => {
  const chunk = Object.keys(made).find((name) => made[name]?.some((id) => id.includes('node_modules/tough-cookie/')));
  const built: { CookieJar: typeof CookieJar } = createRequire(import.meta.url)(bin).load(chunk);
  const kept = async (Jar: typeof CookieJar) => {
    const jar = new Jar();
    const url = `http://${host}:3000/api`;
    for (const line of ['a=1', `b=2; Domain=${host}`, 'c=3; Domain=co.uk', 'd=4; Domain=other.example; Path=/'])
      await jar.setCookie(line, url, { ignoreError: true });
    return jar.getCookies(url).then((cookies) => cookies.map((cookie) => [cookie.cookieString(), cookie.cdomain()]));
  };
  const own = await kept(built.CookieJar);
  expect(own).toEqual(await kept(CookieJar));
  expect(own.map(([text]) => text)).toContain('a=1');
  expect(own.map(([text]) => text)).not.toContain('c=3');
});

it('what a chunk asks Node for is there when it runs as a script', () => {
  const chunks = readdirSync(bundle).filter((name) => name.endsWith('.cjs'));
  const texts = chunks.map((name) => readFileSync(path.join(bundle, name), 'utf8'));
  const all = (pattern: RegExp) => texts.flatMap((text) => text.match(pattern) ?? []);
  // import() finds nothing there, and `new late().Name` makes no Name
  expect(all(/await import\("[^"]*"\)/g)).toEqual([]);
  expect(all(/\bnew node_crypto[^;]*/g)).toEqual([]);
  // both are really done otherwise
  expect(all(/await Promise\.resolve\(require\("node:tls"\)\)/g).length).toBeGreaterThan(0);
  expect(all(/\bnew \(node_crypto\(\)\)\.X509Certificate\(/g).length).toBeGreaterThan(0);
});

describe('help as the build wrote it', () => {
  const pages = commands.flatMap(({ name, verbs = [] }) => [[name], ...verbs.map((verb) => [name, verb.name])]);

  it.each([[], ...pages].map((words) => [words]))('%j is what the declarations give', async (words) => {
    const world = fakeWorld();
    await main([...words, '--help'], world);
    const file = path.join(bundle, 'help', `${words.join('-') || 'lockstep'}.txt`);
    expect(readFileSync(file, 'utf8')).toBe(world.out());
    expect(world.out()).toContain('Usage: lockstep');
  });

  it('is folded anew where there is less room', async () => {
    const world = fakeWorld();
    const code = await main(['--help'], { ...world, stdout: { ...world.stdout, columns: 40 }, help: () => 'wide' });
    expect(code).toBe(0);
    expect(world.out()).toContain('Usage: lockstep');
  });

  it('is not given for a command that does not exist, nor from another folder', async () => {
    for (const words of [['nope'], ['env', 'nope'], ['..', 'lockstep'], ['secret', 'x']]) {
      const asked: string[] = [];
      const help = (page: string) => {
        asked.push(page);
        return 'a page';
      };
      await main([...words, '--help'], { ...fakeWorld(), help });
      expect(asked).toEqual([]);
    }
  });
});

describe('the code cache', () => {
  let copy: string;
  let chunk: string;
  let cached: string;
  beforeAll(() => {
    copy = mkdtempSync(path.join(tmpdir(), 'lockstep-cache-'));
    cpSync(path.join(root, 'bin'), path.join(copy, 'bin'), { recursive: true, preserveTimestamps: true });
    cpSync(bundle, path.join(copy, 'dist/cli'), { recursive: true, preserveTimestamps: true });
    const [own = ''] = readdirSync(path.join(copy, 'dist/cli/cache'));
    chunk = path.join(copy, 'dist/cli/lockstep.cjs');
    cached = path.join(copy, 'dist/cli/cache', own, 'lockstep.cjs');
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));
  const run = (...flags: string[]) => node([...flags, path.join(copy, 'bin/lockstep.js'), '--version']);
  const right = { code: 0, out: `${packageJson.version}\n`, err: '' };
  /** a second chunk: none is loaded before something in it is used */
  const core = () => readdirSync(path.join(copy, 'dist/cli')).find((name) => name.startsWith('core-'));
  /** V8 took what was offered */
  const taken = () =>
    node([
      '-p',
      `const { load, scripts } = require(${JSON.stringify(path.join(copy, 'bin/lockstep.js'))});
       for (const name of ['lockstep.cjs', ${JSON.stringify(core())}]) load(name);
       [...scripts.values()].map((script) => script.cachedDataRejected).join()`,
    ]).out.trim();

  it('is there, and taken', () => {
    expect(taken()).toBe('false,false');
    expect(run()).toEqual(right);
  });

  it('is refused where node runs with other flags', () => {
    expect(run('--stack-size=900')).toEqual(right);
  });

  it('is no matter where it is cut short, empty or missing', () => {
    const whole = readFileSync(cached);
    for (const bytes of [whole.subarray(0, -8), whole.subarray(0, 20), Buffer.alloc(0), Buffer.alloc(whole.length)]) {
      writeFileSync(cached, bytes);
      expect(taken()).toBe('true,false');
      expect(run()).toEqual(right);
    }
    rmSync(cached);
    expect(taken()).toBe(',false');
    expect(run()).toEqual(right);
    writeFileSync(cached, whole);
  });

  it('is not used where the chunk is newer: its words would be those of yesterday', () => {
    const text = readFileSync(chunk, 'utf8');
    writeFileSync(chunk, text.replace(packageJson.version, packageJson.version.replace(/\d$/, '9')));
    const later = new Date(Date.now() + 60_000);
    utimesSync(chunk, later, later);
    expect(taken()).toBe(',false');
  });
});
