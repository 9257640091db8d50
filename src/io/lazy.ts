import type { Journal, Journals, Prompt, Workspace } from '../world.js';
import { once } from './once.js';

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
    async open(run, place) {
      let known: Journal | undefined;
      const journal = once(async () => {
        known = await (await journals()).open(run, place);
        return known;
      });
      return {
        prepare: async () => (await journal()).prepare(),
        enter: async (made) => (await journal()).enter(made),
        answered: async (...args) => (await journal()).answered(...args),
        gone: async (n) => (await journal()).gone(n),
        remains: async (...args) => (await journal()).remains(...args),
        open: () => known?.open() ?? [],
        close: async () => (journal.begun() ? (await journal()).close() : undefined),
      };
    },
    all: async () => (await journals()).all(),
  };
}
