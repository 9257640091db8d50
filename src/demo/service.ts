import { type ChildProcess, fork } from 'node:child_process';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import { bareEnvironment } from './environment.js';
import { packageRoot } from './package-root.js';
import { plantedVariable } from './planted.js';
import { folderVariable, type News, type Order, type Plan } from './protocol.js';

const kept = 2_000;
const patience = { stop: 5_000 };

/** What surrounds a process. */
interface Place {
  readonly folder: string;
  /** ids of faults and of a healthy twin */
  readonly planted: readonly string[];
  /** variables that somebody exported before it started */
  readonly env?: Readonly<Record<string, string>>;
  /** the script, where it is not called as the process is */
  readonly script?: string;
}

/** One process of the demo, seen from its parent. */
export class Service {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #lastWords = '';

  /**
   * Starts `dist/demo/<name>.js`, for `api-2` the same as for `api`, in a clean environment: nothing of the parent's settings (`BETTER_AUTH_*`, `PG*`,
   * `NODE_OPTIONS`, ...) may leak into a deployment that reads its own env files.
   */
  constructor(name: string, { folder, planted, env = {}, script = name }: Place) {
    this.name = name;
    this.#child = fork(join(packageRoot(), 'dist', 'demo', `${scriptOf(script)}.js`), [], {
      cwd: folder,
      env: {
        ...bareEnvironment(),
        NODE_ENV: 'development',
        ...env,
        [folderVariable]: folder,
        [plantedVariable]: planted.join(','),
      },
      execArgv: [],
      // a group of its own: who kills the parent's group with SIGKILL still leaves somebody to tidy up
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.once('error', () => resolve());
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-kept);
    });
    this.#child.on('error', () => {});
  }

  /** resolves when the process is gone, for whatever reason */
  get exited(): Promise<void> {
    return this.#exited;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Gives the order to start, and the listening socket if it is to have one; resolves when it is ready. */
  start(plan: Plan, server?: Server): Promise<Extract<News, { kind: 'ready' }>> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) =>
        reject(
          new LockstepError('demo-not-started', `the ${this.name} process of the demo ${why}`, {
            exit: Exit.unfinished,
          }),
        );
      this.#child.on('message', (news: News) =>
        news.kind === 'ready' ? resolve(news) : fail(`says: ${news.message}`),
      );
      void this.#exited.then(() =>
        fail(`ended before it was ready. ${this.#lastWords.trim().split('\n').at(-1) ?? ''}`),
      );
      this.#send({ kind: 'start', plan }, server);
    });
  }

  /** Ends it, by force after some seconds; resolves when it is gone. Can be called again. */
  async stop(): Promise<void> {
    this.#send({ kind: 'stop' });
    const force = setTimeout(() => this.#child.kill('SIGKILL'), patience.stop);
    await this.#exited;
    clearTimeout(force);
  }

  #send(order: Order, server?: Server): void {
    if (this.#child.connected) this.#child.send(order, server, () => server?.close());
  }
}

function scriptOf(name: string): string {
  return name.replace(/-\d+$/, '');
}
