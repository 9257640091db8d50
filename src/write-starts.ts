import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Script } from 'node:vm';
import type { commands } from './main/commands.js';
import type { main as Main } from './main.js';
import type { Deployment } from './starts-deployment.js';
import { withSomebody } from './starts-deployment.js';
import type { World } from './world.js';

// a step of the build, run in the package's folder: what makes the program start fast. Its help as text, and what V8
// made of its chunks

interface Program {
  readonly main: typeof Main;
  readonly commands: typeof commands;
  readonly realWorld: () => World;
}

const { load, scripts, cache, folder } = createRequire(import.meta.url)(resolve('bin/lockstep.js')) as {
  readonly load: (chunk: string) => Program;
  readonly scripts: ReadonlyMap<string, Script>;
  /** where the caches belong for this Node */
  readonly cache: string;
  readonly folder: string;
};
const program = load('lockstep.cjs');
/** for all that asks nobody outside: a run closes that way when it ends */
const common = program.realWorld();

/** The checks that most are asked for, and all that these need. */
const usualChecks = [
  'session/login',
  'token/signature-verified',
  'refresh/recovers',
  'ws/unusable-token-refused',
  'isolation/read',
  'isolation/list',
];

const nothing = async () => {};
/** A build writes nothing into anybody's home: its deployment is gone with it. */
const journals: World['journals'] = {
  open: async () => ({
    ...{ prepare: nothing, enter: async () => 1, answered: nothing, gone: nothing, remains: nothing, close: nothing },
    open: () => [],
  }),
  all: async () => [],
};

/** Runs the program here and returns what it printed. */
async function run(args: readonly string[], cwd: string, env: World['env'] = {}, world = common): Promise<string> {
  let printed = '';
  const write = (text: string) => {
    printed += text;
  };
  const sink = { write, isTTY: false, columns: 80, rows: 24 };
  const interrupted = new AbortController().signal;
  const own = { stdout: sink, stderr: sink, interrupted, help: () => null };
  await program.main(args, { ...world, ...own, cwd, env });
  return printed;
}

async function writeHelp(): Promise<void> {
  const pages = program.commands.flatMap(({ name, verbs = [] }) => [[name], ...verbs.map((verb) => [name, verb.name])]);
  mkdirSync(join(folder, 'help'), { recursive: true });
  writeFileSync(join(folder, 'help', 'exit-codes.txt'), await run(['help', 'exit-codes'], '/'));
  for (const words of [[], ...pages]) {
    writeFileSync(join(folder, 'help', `${words.join('-') || 'lockstep'}.txt`), await run([...words, '--help'], '/'));
  }
}

/** A deployment that has nothing and lets nobody in, whose answers are read all the same. */
async function withNobody(use: (url: string) => Promise<unknown>): Promise<void> {
  const server = createServer((_, response) => void response.writeHead(404, { 'set-cookie': 'none=0' }).end('{}'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.close();
  server.closeAllConnections();
}

/** The functions that these runs came past are kept ready. */
async function writeCache(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'lockstep-build-'));
  try {
    const secret = (await run(['secret'], root)).trim();
    const files = {
      secret,
      'frontend/.env.local': `BETTER_AUTH_SECRET=${secret}\nDATABASE_URL=postgresql://app@localhost/app\nBETTER_AUTH_URL=http://localhost:3000\n`,
      'backend/.env': `BETTER_AUTH_SECRET="${secret}" # shared\nDATABASE_URL=postgresql://app@localhost/app\nCORS_ORIGINS=["http://localhost:3000"]\n`,
      'lockstep.json': JSON.stringify({
        services: {
          frontend: { dir: 'frontend', loader: 'next' },
          backend: { dir: 'backend', loader: 'pydantic-settings' },
        },
        targets: { local: { auth: 'http://localhost:1', api: 'http://localhost:1' } },
      }),
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text, { mode: 0o600 });
    }
    await run(['--version'], root);
    await run(['env', 'check'], root);
    await run(['env', 'check', '--json'], root);
    const token = await run(['token', 'mint', '--secret-file', 'secret', '--sub', 'user', '--ttl', '1h'], root);
    writeFileSync(join(root, 'token'), token);
    for (const verb of ['verify', 'which']) await run(['token', verb, '--secret-file', 'secret', 'token'], root);
    await run(['token', 'decode', 'token'], root);
    const user = { LOCKSTEP_A_EMAIL: 'a@example.invalid', LOCKSTEP_A_PASSWORD: secret };
    await withNobody((url) => run(['check', '--auth', url, '--api', url], root, user, program.realWorld()));
    const users = { ...user, LOCKSTEP_B_EMAIL: 'b@example.invalid', LOCKSTEP_B_PASSWORD: secret };
    const asked = ['--json', '--only', ...usualChecks];
    const walk = ({ flags }: Deployment) =>
      run(['check', ...flags, ...asked], root, users, { ...program.realWorld(), journals });
    for (let tries = 1; ; tries++) {
      const { outcome } = JSON.parse(await withSomebody(secret, walk));
      if (outcome === 'ok') break;
      // else there is less in the cache than should be, and nobody would notice; a machine that stood still for longer than an
      // answer may take is no reason to have no build
      if (tries === 3) throw new Error(`the walk through the checks ended with ${outcome}`);
    }
    for (const verb of ['status', 'up'])
      await run(['migrate', verb], root, { DATABASE_URL: 'postgresql://app@localhost:1/app' });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  mkdirSync(cache, { recursive: true });
  for (const [name, script] of scripts) writeFileSync(join(cache, name), script.createCachedData());
}

try {
  await writeHelp();
  await writeCache();
} catch (error) {
  // the real world ends the process by what nobody catches, and leaves it to `main` to say why
  common.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  throw error;
}
