// 1,000 concurrent calls with a dead credential against the demo, 20 ms away: the coordinated client beside one that
// refreshes for each refusal; and what the client costs where nothing is wrong. Both sides in one run, in turn.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Agent, fetch, setGlobalDispatcher } from 'undici';
import { browserBundle } from './client-size.js';

const calls = 1_000;
const rounds = 5;
const latency = 20;
setGlobalDispatcher(new Agent({ connections: 1_000 }));

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const children = [];

const folder = await mkdtemp(join(tmpdir(), 'client-bench-'));
const module = join(folder, 'client.mjs');
await writeFile(module, (await browserBundle('createAuthClient', 'memoryStore')).code);
const { createAuthClient, memoryStore } = await import(pathToFileURL(module).href);
await rm(folder, { recursive: true });

try {
  const demo = JSON.parse(await said(here('../bin/lockstep.js'), ['demo', '--serve', '--json'], '\n}\n'));
  const { origin } = new URL(demo.auth);
  const signedIn = await fetch(`${demo.auth}/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email: demo.users.a, password: demo.variables.LOCKSTEP_A_PASSWORD }),
  });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const far = async (url) =>
    `http://127.0.0.1:${await said(here('delay-proxy.js'), [new URL(url).port, latency], '\n')}`;
  const token = `${(await far(demo.auth)).trim()}/api/auth/token`;
  const me = `${(await far(demo.api)).trim()}/api/me`;

  let refreshes = 0;
  let requests = 0;
  const counted = (url, init) => {
    requests++;
    return fetch(url, init);
  };
  const refresh = async (signal) => {
    refreshes++;
    const response = await fetch(token, { headers: { cookie }, signal });
    return response.ok ? response.json() : { status: response.status };
  };
  const good = await refresh();
  const [head, payload, signature] = good.token.split('.');
  const dead = [head, payload, (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)].join('.');

  /** What applications write: each refusal gets a refresh of its own. */
  const naive = async () => {
    const ask = async (bearer) => {
      const response = await counted(me, { headers: { authorization: `Bearer ${bearer}` } });
      await response.text();
      return response.status;
    };
    const one = async () => {
      const first = await ask(dead);
      return first === 401 ? ask((await refresh()).token) : first;
    };
    return Promise.all(Array.from({ length: calls }, one));
  };
  const coordinated = () => {
    const client = createAuthClient({ fetch: counted, store: memoryStore(dead), refresh });
    const one = async () => {
      const response = await client.fetch(me);
      await response.text();
      return response.status;
    };
    return Promise.all(Array.from({ length: calls }, one));
  };

  const results = { naive: [], coordinated: [] };
  const ratios = [];
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries({ naive, coordinated })) {
      [refreshes, requests] = [0, 0];
      const start = performance.now();
      const statuses = await run();
      const ms = performance.now() - start;
      const ok = statuses.filter((status) => status === 200).length;
      // the first round warms connections and code up
      if (round > 0) results[name].push({ ms, refreshes, requests, ok });
    }
    if (round > 0) ratios.push(results.naive.at(-1).ms / results.coordinated.at(-1).ms);
  }
  console.log(`${calls} concurrent calls with a dead credential, the demo ${latency} ms away, medians of ${rounds}`);
  for (const [name, runs] of Object.entries(results)) {
    const of = (field) => median(runs.map((run) => run[field]));
    console.log(
      `  ${name.padEnd(12)} ${of('ms').toFixed(0).padStart(6)} ms  ${of('refreshes')} refreshes  ${of('requests')} API calls  ${of('ok')} answered 200`,
    );
  }
  console.log(`  naive : coordinated ${median(ratios).toFixed(2)}x (goal >= 2.5x with exactly 1 refresh)`);
  if (results.coordinated.some((run) => run.refreshes !== 1 || run.ok !== calls)) process.exitCode = 1;
} finally {
  for (const child of children) child.kill('SIGINT');
}

const answer = { status: 200, headers: { get: () => null } };
const bare = async () => answer;
const client = createAuthClient({ fetch: bare, store: memoryStore('good'), refresh: async () => ({ status: 500 }) });
const perCall = async (send) => {
  const n = 100_000;
  const start = performance.now();
  for (let i = 0; i < n; i++) await send('http://x/me', { method: 'GET', headers: { accept: 'application/json' } });
  return ((performance.now() - start) * 1_000) / n;
};
const overheads = [];
for (let round = 0; round <= rounds; round++) {
  const without = await perCall(bare);
  const overhead = (await perCall(client.fetch)) - without;
  if (round > 0) overheads.push(overhead);
}
console.log(
  `client.fetch over bare fetch where nothing is wrong: ${median(overheads).toFixed(2)} us a call (goal < 20)`,
);
process.exit();

/** Starts a script and waits until its output ends like this. */
async function said(script, args, end) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk;
    if (text.endsWith(end)) break;
  }
  return text;
}
