import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { complain, live } from '../child.js';
import calls from './calls.py';
import chat from './chat.py';
import chatkit from './chatkit.py';
import program from './main.py';
import model from './model.py';
import sockets from './sockets.py';
import store from './store.py';
import tasks from './tasks.py';
import tokens from './tokens.py';

const modules = { main: program, calls, chat, chatkit, model, sockets, store, tasks, tokens };

/** The API of the demo in Python, minded by this process: it gets its socket from here and ends with it. */
await live(async ({ folder, trust, socketAuth, python }, listening) => {
  if (python === null) throw new Error('it was not told which Python to use');
  const env = parse(readFileSync(join(folder, 'backend', '.env')));
  const app = join(folder, 'backend', 'app');
  mkdirSync(app, { mode: 0o700 });
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(app, `${name}.py`), text, { mode: 0o600 });

  const child = spawn(
    python,
    [
      '-I',
      '-B',
      '-c',
      `import sys; sys.path.insert(0, ${JSON.stringify(app)}); import runpy; runpy.run_path(${JSON.stringify(join(app, 'main.py'))}, run_name="__main__")`,
    ],
    {
      cwd: app,
      stdio: ['pipe', 'pipe', 'pipe', descriptorOf(listening)],
    },
  );
  child.stdin?.on('error', () => {});
  child.stdin?.write(`${JSON.stringify({ env, trust, socketAuth })}\n`);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => complain(text.trim()));
  await ready(child);
  // the socket is the child's alone from here on
  listening?.close();
  child.once('exit', () => process.exit(1));
  return {
    async leave() {
      child.removeAllListeners('exit');
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
});

/** The file descriptor of a listening socket; Node has no other name for it. */
function descriptorOf(server: Server | undefined): number {
  const { _handle: handle } = server as unknown as { readonly _handle: { readonly fd: number } | null };
  if (handle === null || handle.fd < 0) throw new Error('the listening socket has no file descriptor here');
  return handle.fd;
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Python ended with ${code} before it was ready`)));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('ready')) resolve();
    });
  });
}
