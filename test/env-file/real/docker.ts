import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { named, unnamed } from '../corpus.js';
import type { Answer } from './loaders.js';

const together = 100;
/** a file that is refused costs a start of the client */
const refusals = 40;

/**
 * The docker client reads env files itself, and sends what it read to the daemon: here one that only writes it down.
 * Files that go through are sent together, each with names of its own.
 */
export async function askDocker(
  cases: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<(Answer | undefined)[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-docker-'));
  const daemon = await fakeDaemon();
  const answers: (Answer | undefined)[] = cases.map(() => undefined);
  let refused = 0;
  const ask = async (numbers: readonly number[]): Promise<void> => {
    if (numbers.length === 0) return;
    const files = await Promise.all(
      numbers.map(async (i) => {
        const file = join(folder, `${i}.env`);
        await writeFile(file, named(cases[i] as string, i));
        return file;
      }),
    );
    const sent = await daemon.create(files, environment);
    if (sent !== null) {
      for (const i of numbers) answers[i] = own(sent, i);
      return;
    }
    if (numbers.length === 1) {
      answers[numbers[0] as number] = null;
      refused += 1;
      return;
    }
    const half = numbers.length >> 1;
    if (refused < refusals) await ask(numbers.slice(0, half));
    if (refused < refusals) await ask(numbers.slice(half));
  };
  try {
    // names that are not the case's own cannot be told apart in one request
    const askable = cases.map((text, i) => (/(^|\n)\s*(SET|EMPTY|HOME)\b/.test(text) ? -1 : i)).filter((i) => i >= 0);
    const accepted = askable.filter((i) => !looksRefused(cases[i] as string));
    const doubtful = askable.filter((i) => looksRefused(cases[i] as string)).slice(0, refusals);
    for (let i = 0; i < accepted.length; i += together) await ask(accepted.slice(i, i + together));
    for (const i of doubtful) await ask([i]);
    return answers;
  } finally {
    daemon.close();
    await rm(folder, { recursive: true });
  }
}

/** Only which files are worth sending together: a name with a space, or none. */
function looksRefused(text: string): boolean {
  return text.split('\n').some((line) => /^\s*(=|[^#\s=][^=]*[ \t][^=]*(=|$))/.test(line));
}

function own(sent: readonly string[], i: number): Answer {
  return unnamed(
    sent.map((each): [string, string] => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
    i,
  );
}

async function fakeDaemon() {
  let sent: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const creating = request.url?.includes('/containers/create') === true;
      if (creating) sent = (JSON.parse(body) as { Env: string[] | null }).Env ?? [];
      response.writeHead(creating ? 201 : 200, {
        'content-type': 'application/json',
        'api-version': '1.44',
        ostype: 'linux',
      });
      response.end(creating ? '{"Id":"0","Warnings":[]}' : 'OK');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    /** the environment of the container that would have been made, or null where the client refused a file */
    create(files: readonly string[], environment: Readonly<Record<string, string>>): Promise<string[] | null> {
      sent = [];
      const args = ['create', '--pull=never', ...files.flatMap((file) => ['--env-file', file]), 'image'];
      const env = { PATH: process.env.PATH ?? '', ...environment, DOCKER_HOST: host, DOCKER_CONFIG: tmpdir() };
      const child = spawn('docker', args, { env, stdio: 'ignore' });
      return new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('exit', (code) => resolve(code === 0 ? sent : null));
      });
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
