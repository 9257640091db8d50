import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Journals, Outside, Prompt, Source, Workspace, World } from '../world.js';
import { files } from './files.js';
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

function lazyJournals(): Journals {
  let loaded: Promise<Journals> | undefined;
  const journals = () => {
    loaded ??= import('./journal/here.js').then(({ journalsHere }) => journalsHere());
    return loaded;
  };
  return {
    open: async (run, place) => (await journals()).open(run, place),
    all: async () => (await journals()).all(),
  };
}

/**
 * The first signal asks to end and is reported by `interrupted`; the second ends the process at once, after its last
 * words. An error that nobody caught asks to end as well, so that what a run has made is still taken back.
 */
function interruption(): Pick<RealWorld, 'interrupted' | 'lastWords' | 'end' | 'left'> {
  const controller = new AbortController();
  let words: (() => string) | null = null;
  const wordsLeft = () => words?.() ?? '';
  const end = (code: number, reason: unknown) => {
    if (!controller.signal.aborted) return controller.abort(reason);
    const left = wordsLeft();
    // at once, and whether anybody is there to read it or not
    try {
      writeSync(2, left);
    } catch {}
    process.exit(code);
  };
  for (const [signal, code] of [
    ['SIGINT', Exit.interrupted],
    ['SIGTERM', Exit.terminated],
    ['SIGHUP', Exit.hungUp],
  ] as const) {
    if (signal !== 'SIGHUP' || !hangupIsIgnored()) process.on(signal, () => end(code, signal));
  }
  process.on('uncaughtException', (error) => {
    // whatever never resolves now must not end as a success, nor hang for ever
    process.exitCode = Exit.bug;
    setTimeout(() => process.exit(Exit.bug), longestGoodbye).unref();
    end(Exit.bug, error instanceof Error ? error : new Error('something that is not an error was thrown'));
  });
  return {
    interrupted: controller.signal,
    // not once more: this is no second Ctrl-C
    end: (reason) => void (controller.signal.aborted || controller.abort(reason)),
    left: wordsLeft,
    lastWords: (next) => {
      words = next;
    },
  };
}

const longestGoodbye = 30_000;

/** Under nohup a hangup must stay ignored, and only Linux says whether it is: elsewhere it ends the process, as ever. */
function hangupIsIgnored(): boolean {
  try {
    const [, mask = '1'] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return (Number.parseInt(mask.slice(-1), 16) & 1) === 1;
  } catch {
    return true;
  }
}
