import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outside, Prompt, Source, Workspace, World } from '../world.js';
import { files } from './files.js';
import type { OutsideOptions } from './outside.js';
import { lazyOutside } from './outside.js';
import { sink } from './sink.js';

/**
 * The world of the real process. Nothing is loaded or opened before it is used. `helpPages`: where the build wrote them;
 * `outside`: other limits or another name service, for tests.
 */
export function realWorld(helpPages?: string, outside: OutsideOptions = {}): World {
  const monotonic = () => performance.now();
  const straight = lazyOutside(monotonic, outside);
  const ways: Outside[] = [straight];
  let signal: AbortSignal | undefined;
  const interrupted = () => {
    signal ??= interruption();
    return signal;
  };
  return {
    env: process.env,
    cwd: process.cwd(),
    stdout: sink(1, () => process.stdout),
    stderr: sink(2, () => process.stderr),
    stdin,
    prompt: lazyPrompt(interrupted),
    files,
    workspace: lazyWorkspace(interrupted),
    ...straight,
    http: { ...straight.http, close: async () => void (await Promise.all(ways.map(({ http }) => http.close()))) },
    through(passage) {
      const way = lazyOutside(monotonic, { ...outside, ...passage });
      ways.push(way);
      return way;
    },
    help: (page) => (helpPages === undefined ? null : pageOf(helpPages, page)),
    now: () => Date.now(),
    monotonic,
    timer(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    random: (bytes) => randomBytes(bytes),
    get interrupted() {
      return interrupted();
    },
  };
}

function pageOf(folder: string, page: string): string | null {
  try {
    return readFileSync(join(folder, `${page}.txt`), 'utf8');
  } catch {
    return null;
  }
}

/** Not opened before it is asked for: an open standard input keeps the process waiting. */
const stdin: Source = {
  get isTTY() {
    return process.stdin.isTTY === true;
  },
  chunks: () => process.stdin.setEncoding('utf8'),
};

function lazyPrompt(interrupted: () => AbortSignal): Prompt {
  let loaded: Promise<Prompt> | undefined;
  const prompt = () => {
    loaded ??= import('./prompt.js').then(({ createPrompt }) => createPrompt(interrupted()));
    return loaded;
  };
  return {
    get interactive() {
      return process.stdin.isTTY === true && process.stderr.isTTY === true && !process.env.CI;
    },
    text: async (question) => (await prompt()).text(question),
    hidden: async (question) => (await prompt()).hidden(question),
    choice: async (question) => (await prompt()).choice(question),
    yes: async (question) => (await prompt()).yes(question),
  };
}

function lazyWorkspace(interrupted: () => AbortSignal): Workspace {
  let loaded: Promise<Workspace> | undefined;
  const workspace = () => {
    loaded ??= import('./workspace.js').then(({ createWorkspace }) => createWorkspace(() => Date.now(), interrupted()));
    return loaded;
  };
  return {
    look: async (...args) => (await workspace()).look(...args),
    names: async (...args) => (await workspace()).names(...args),
    write: async (...args) => (await workspace()).write(...args),
    unsettled: async (...args) => (await workspace()).unsettled(...args),
    settle: async (...args) => (await workspace()).settle(...args),
  };
}

/** The first signal asks to end and is reported by `signal`; the second ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(code);
      controller.abort(signal);
    });
  }
  return controller.signal;
}
