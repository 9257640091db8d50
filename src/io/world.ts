import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Http, Net, Prompt, Sockets, Source, Workspace, World } from '../world.js';
import { files } from './files.js';
import { sink } from './sink.js';

/** The world of the real process. Nothing is loaded or opened before it is used. `helpPages`: where the build wrote them. */
export function realWorld(helpPages?: string): World {
  const monotonic = () => performance.now();
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
    http: lazyHttp(monotonic),
    sockets: lazySockets(),
    help: (page) => (helpPages === undefined ? null : pageOf(helpPages, page)),
    net: lazyNet(),
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

function lazyHttp(monotonic: () => number): Http {
  let loaded: Promise<Http> | undefined;
  const http = () => {
    loaded ??= import('./http.js').then(({ createHttp }) => createHttp(monotonic));
    return loaded;
  };
  return {
    send: async (request) => (await http()).send(request),
    open: async (request) => (await http()).open(request),
    async close() {
      await (await loaded)?.close();
    },
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

function lazySockets(): Sockets {
  return { open: async (request) => (await import('./socket.js')).sockets.open(request) };
}

function lazyNet(): Net {
  const net = async () => (await import('./net.js')).net;
  return {
    wire: async (...args) => (await net()).wire(...args),
    tls: async (...args) => (await net()).tls(...args),
    listen: async (...args) => (await net()).listen(...args),
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
