import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Outside, Source, World } from '../world.js';
import { files } from './files.js';
import { interruption } from './interruption.js';
import { lazyJournals, lazyPrompt, lazyWorkspace } from './lazy.js';
import type { OutsideOptions } from './outside.js';
import { lazyOutside } from './outside.js';
import { sink } from './sink.js';

/** What belongs to the process alone. */
export interface RealWorld extends World {
  /** asks the run to end, as an interruption does, for this reason */
  end(reason: Error): void;
  /** what would be left behind if the process ended now, in words; empty where nothing is known of that */
  left(): string;
}

/**
 * The world of the real process. Nothing is loaded or opened before it is used. `helpPages`: where the build wrote them;
 * `outside`: other limits or another name service, for tests.
 */
export function realWorld(helpPages?: string, outside: OutsideOptions = {}): RealWorld {
  withoutMemoryInCores();
  const monotonic = () => performance.now();
  const straight = lazyOutside(monotonic, outside);
  const ways: Outside[] = [straight];
  let signals: ReturnType<typeof interruption> | undefined;
  const heard = () => {
    signals ??= interruption();
    return signals;
  };
  const interrupted = () => heard().interrupted;
  /** A report that did not arrive is no verdict: the run ends, and takes back what it has made. */
  const unheard = (code: string) => {
    const error = new LockstepError('output-lost', `the output cannot be written (${code})`, { exit: Exit.unfinished });
    // also where the program has come to its end, and only the last of its words is still to be written
    process.exitCode = error.exit;
    if (signals !== undefined) return signals.end(error);
    // nobody has asked yet whether to end: so little was begun
    process.stderr.write(`lockstep: ${error.message}\n`);
    process.exit(error.exit);
  };
  return {
    env: process.env,
    cwd: process.cwd(),
    stdout: sink(1, () => process.stdout, unheard),
    // talk that nobody can hear is no failure
    stderr: sink(2, () => process.stderr),
    stdin,
    prompt: lazyPrompt(interrupted),
    files,
    outputs: { open: async (path, how) => (await import('./output.js')).openOutput(path, how) },
    workspace: lazyWorkspace(interrupted),
    ...straight,
    http: { ...straight.http, close: async () => void (await Promise.all(ways.map(({ http }) => http.close()))) },
    through(passage) {
      const way = lazyOutside(monotonic, { ...outside, ...passage });
      ways.push(way);
      return way;
    },
    pins: [],
    journals: lazyJournals(),
    help: (page) => (helpPages === undefined ? null : pageOf(helpPages, page)),
    now: () => Date.now(),
    monotonic,
    timer(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    random: (bytes) => randomBytes(bytes),
    inspected: [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)].some((flag) =>
      /^--inspect([-_](brk|wait))?(=|$)/.test(flag),
    ),
    lastWords: (words) => heard().lastWords(words),
    end: (reason) => heard().end(reason),
    left: () => heard().left(),
    get interrupted() {
      return interrupted();
    },
  };
}

/** Of what is in memory nothing gets into a core dump, of this process or of one that it starts, where Linux can be told. */
function withoutMemoryInCores(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {}
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
  chunks(until) {
    const cut = () => void process.stdin.destroy();
    if (until.aborted) cut();
    until.addEventListener('abort', cut, { once: true });
    return process.stdin.setEncoding('utf8');
  },
};
