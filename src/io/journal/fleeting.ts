import type { Entry, Line } from '../../core/journal.js';
import { note, spelled } from '../../core/journal.js';
import type { Journals } from '../../world.js';

/** Journals that are nowhere: for a deployment that ends with the process, and takes with it what was made there. */
export const fleeting: Journals = {
  async open() {
    const held = new Map<number, Entry>();
    let last = 0;
    const write = async (line: Line) => note(held, JSON.parse(spelled(line)));
    return {
      async enter(made) {
        last += 1;
        await write({ n: last, at: 0, made });
        return last;
      },
      answered: (n, path) => write({ n, path }),
      gone: (n) => write({ n, gone: true }),
      remains: (n, why) => write({ n, remains: why }),
      open: () => [...held.values()],
      close: async () => {},
    };
  },
  all: async () => [],
};
