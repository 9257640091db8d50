import { randomBytes } from 'node:crypto';
import type { Http, Prompt, Sink, Sockets, World } from '../world.js';
import { files } from './files.js';

/** The world of the real process. Nothing is loaded or opened before it is used. */
export function realWorld(): World {
  const monotonic = () => performance.now();
  return {
    env: process.env,
    cwd: process.cwd(),
    stdout: sink(process.stdout),
    stderr: sink(process.stderr),
    files,
    http: lazyHttp(monotonic),
    sockets: lazySockets(),
    // asked for, not looked up: standard input is opened by the first look at it
    prompt: () => (process.stdin.isTTY === true && process.stderr.isTTY === true ? prompt : null),
    now: () => Date.now(),
    monotonic,
    timer(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    random: (bytes) => randomBytes(bytes),
    interrupted: interruption(),
  };
}

function sink(stream: NodeJS.WriteStream): Sink {
  // a reader that went away (`| head`) is not our failure
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
  };
}

function lazyHttp(monotonic: () => number): Http {
  let loaded: Promise<Http> | undefined;
  return {
    async send(request) {
      loaded ??= import('./http.js').then(({ createHttp }) => createHttp(monotonic));
      return (await loaded).send(request);
    },
    async close() {
      await (await loaded)?.close();
    },
  };
}

function lazySockets(): Sockets {
  return { open: async (request) => (await import('./socket.js')).sockets.open(request) };
}

const prompt: Prompt = {
  confirm: async (question) => (await import('./prompt.js')).prompt.confirm(question),
  text: async (question) => (await import('./prompt.js')).prompt.text(question),
};

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
