// `node bench/token.js`: a token as a whole process beside `node -e 0`, and many tokens beside raw node:crypto.
import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rounds, table } from './rounds.js';

delete process.env.NODE_EXTRA_CA_CERTS;

const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const bin = here('../bin/lockstep.js');
const node = process.execPath;
const folder = mkdtempSync(path.join(os.tmpdir(), 'lockstep-bench-'));
const many = 100_000;
const candidates = 20;

try {
  await wholeProcess();
  scanning();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function wholeProcess() {
  const secret = file('secret', randomBytes(32).toString('hex'));
  const mint = [bin, 'token', 'mint', '--secret-file', secret, '--sub', 'user-1', '--ttl', '1h'];
  const token = file('token', spawnSync(node, mint, { encoding: 'utf8' }).stdout.trim());
  const verify = [bin, 'token', 'verify', '--secret-file', secret];
  console.log('one token, whole process');
  table(
    await rounds(25, {
      'node -e 0': { command: node, args: ['-e', '0'] },
      'lockstep token mint': { command: node, args: mint },
      'lockstep token verify': { command: node, args: [...verify, token] },
      'lockstep token verify, by a pipe': {
        command: node,
        args: [...verify, '-'],
        input: readFileSync(token, 'utf8'),
      },
    }),
  );
}

function scanning() {
  // Better Auth's public default is always among the candidates: with it they are as many as the raw side's
  const values = Array.from({ length: candidates - 1 }, (_, i) => [randomBytes(32).toString('hex'), i]);
  const files = values.map(([value, i]) => file(`value-${i}`, String(value)));
  const more = file('value-default', 'better-auth-secret-12345678901234567890');
  const flags = files.flatMap((name) => ['--secret-file', name]);
  const which = [bin, 'token', 'which', '--exact', '--json', ...flags, '-'];
  const raw = [here('raw-hmac.cjs'), ...files, more];
  const none = tokens('none', many, () => 'a secret that nobody offers');
  const some = tokens('some', many, (i) => String(values[i % values.length]?.[0]));
  for (const [what, input] of [
    [`${many} tokens that none of ${candidates} values signed: every value is tried`, none],
    [`${many} tokens, each signed by one of ${candidates} values`, some],
  ]) {
    console.log(`\n${what}`);
    compare(input ?? '', raw, which);
  }
  const most = tokens('more', many * 3, (i) => String(values[i % values.length]?.[0]));
  const few = tokens('few', many / 10, (i) => String(values[i % values.length]?.[0]));
  const memory = [few, some, most].map((input) => run(input, which).peak / 1024);
  const sizes = [many / 10, many, many * 3];
  console.log(
    `\npeak memory of token which: ${memory.map((mb, i) => `${mb.toFixed(0)} MB for ${sizes[i]} tokens`).join(', ')}`,
  );
}

/** Both in turn, over the same input on standard input. */
function compare(/** @type {string} */ input, /** @type {string[]} */ raw, /** @type {string[]} */ which) {
  const sides = { 'raw node:crypto': raw, 'lockstep token which': which };
  const wall = Object.fromEntries(Object.keys(sides).map((name) => [name, /** @type {number[]} */ ([])]));
  const cpu = Object.fromEntries(Object.keys(sides).map((name) => [`${name}, CPU`, /** @type {number[]} */ ([])]));
  for (let round = -1; round < 5; round += 1) {
    for (const [name, args] of Object.entries(sides)) {
      const took = run(input, args);
      if (round < 0) continue;
      wall[name]?.push(took.ms);
      cpu[`${name}, CPU`]?.push(took.cpu);
    }
  }
  table(wall);
  // the machine's other work does not show in these
  table(cpu);
}

function run(/** @type {string} */ input, /** @type {string[]} */ args) {
  const began = performance.now();
  const { stderr, error, signal } = spawnSync(node, ['-r', here('peak.cjs'), ...args], {
    stdio: [openSync(input, 'r'), openSync(path.join(folder, 'out'), 'w'), 'pipe'],
    encoding: 'utf8',
  });
  const ms = performance.now() - began;
  if (error || signal) throw new Error(`${args[0]}: ${error ?? signal}`);
  const lines = readFileSync(path.join(folder, 'out'), 'utf8').length;
  const [, peak, cpu] = /peak (\d+) cpu ([\d.]+)\n$/.exec(stderr)?.map(Number) ?? [];
  if (lines === 0 || !peak || !cpu) throw new Error(`${args[0]} told nothing: ${stderr}`);
  return { ms, peak, cpu };
}

/** A file of tokens like those of a token route, one a line, each another. */
function tokens(/** @type {string} */ name, /** @type {number} */ count, /** @type {(i: number) => string} */ secret) {
  const encode = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encode({ alg: 'HS256', typ: 'JWT' });
  const lines = Array.from({ length: count }, (_, i) => {
    const input = `${header}.${encode({ sub: `user-${i}`, email: `user-${i}@example.test`, iat: 1.79e9, exp: 1.8e9, type: 'access' })}`;
    return `${input}.${createHmac('sha256', secret(i)).update(input).digest('base64url')}\n`;
  });
  return file(name, lines.join(''));
}

function file(/** @type {string} */ name, /** @type {string} */ text) {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
}
