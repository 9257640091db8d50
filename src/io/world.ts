import { randomBytes } from 'node:crypto';
import { Exit } from '../core/exit.js';
import type { Http, Sink, Sockets, World } from '../world.js';
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
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    // a report that did not arrive is no verdict
    if (stream === process.stdout) process.stderr.write(`lockstep: the output cannot be written (${code})\n`);
    process.exit(Exit.unfinished);
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
