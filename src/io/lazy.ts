import type { Journals, Prompt, Workspace } from '../world.js';

/** Makes it when it is first asked for; `begun` tells whether it was. */
export function once<T>(make: () => Promise<T>): (() => Promise<T>) & { begun(): boolean } {
  let made: Promise<T> | undefined;
  const get = () => {
    made ??= make();
    return made;
  };
  return Object.assign(get, { begun: () => made !== undefined });
}

export function lazyPrompt(interrupted: () => AbortSignal): Prompt {
  const prompt = once(async () => (await import('./prompt.js')).createPrompt(interrupted()));
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

export function lazyWorkspace(interrupted: () => AbortSignal): Workspace {
  const workspace = once(async () => (await import('./workspace.js')).createWorkspace(() => Date.now(), interrupted()));
  return {
    look: async (...args) => (await workspace()).look(...args),
    names: async (...args) => (await workspace()).names(...args),
    write: async (...args) => (await workspace()).write(...args),
    unsettled: async (...args) => (await workspace()).unsettled(...args),
    settle: async (...args) => (await workspace()).settle(...args),
  };
}

export function lazyJournals(): Journals {
  const journals = once(async () => (await import('./journal/here.js')).journalsHere());
  return {
    open: async (run, place) => (await journals()).open(run, place),
    all: async () => (await journals()).all(),
  };
}
