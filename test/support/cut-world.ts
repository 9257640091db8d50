import { hostname } from 'node:os';
import { createJournals } from '../../src/io/journal/journals.js';
import { realWorld } from '../../src/io/world.js';
import type { Http, Journal, Journals, World } from '../../src/world.js';
import { type FakeWorld, fakeWorld } from './fake-world.js';

/** A process that is not there: what it has written is nobody's any more. */
const gone = { host: hostname(), pid: 4_000_000, start: null };

export interface CutWorld extends FakeWorld {
  /** resolves when the cut has fallen and the deployment has dealt with what was sent before it */
  readonly cut: Promise<void>;
  /** every place where it could fall, in order */
  readonly places: readonly string[];
}

export interface CutOptions {
  /** where journals lie */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** the number of the place, from 1 on, at which to act, or what tells by the places so far; never, unless given */
  readonly at?: number | ((places: readonly string[]) => boolean);
  /**
   * `kill`: from there on nothing of this world happens any more, and nothing of what is under way is heard of, as after
   * kill -9; a signal: the run is asked to end; `deadline`: the time of `--deadline 77s` is over
   */
  readonly act?: 'kill' | 'SIGINT' | 'SIGTERM' | 'deadline';
  /** how far the clock is ahead */
  readonly ahead?: number;
}

/** A world with real HTTP, real sockets and a real disk for journals that is cut at a place: an exchange that was sent and not answered, or either side of an act on the journal. */
export function cutWorld({ folder, env = {}, at, act = 'kill', ahead = 0 }: CutOptions): CutWorld {
  const places: string[] = [];
  const underway = new Set<Promise<unknown>>();
  const stop = new AbortController();
  let over = false;
  let expire = () => {};
  let dead = false;
  let fallen = () => {};
  const fell = new Promise<void>((resolve) => {
    fallen = resolve;
  });
  const never = new Promise<never>(() => {});
  const pass = async (place: string): Promise<void> => {
    if (dead) return never;
    places.push(place);
    if (over || !(typeof at === 'function' ? at(places) : places.length === at)) return;
    over = true;
    fallen();
    if (act === 'deadline') return expire();
    if (act !== 'kill') return stop.abort(act);
    dead = true;
    return never;
  };
  const heard = async <T>(work: Promise<T>): Promise<T> => {
    await work.catch(() => {});
    return dead ? never : work;
  };
  const { http: real, sockets } = realWorld();
  const http: Http = {
    async send(request) {
      if (dead) return never;
      const work = real.send(request);
      const settled = () => void underway.delete(work);
      underway.add(work);
      work.then(settled, settled);
      await pass(`${request.method} ${new URL(request.url).pathname}`);
      return heard(work);
    },
    // no check of these tests reads a body as it comes
    open: async () => never,
    laden: () => real.laden(),
    close: () => (dead ? Promise.resolve() : real.close()),
  };
  const fake = fakeWorld({ env, hurry: false, interrupted: stop.signal });
  const now = () => Date.now() + ahead;
  const journals = createJournals(folder, now, gone);
  const guarded: Journals = {
    open: async (run, place) => guard(await journals.open(run, place)),
    all: async () => (await journals.all()).map((one) => ({ ...one, journal: guard(one.journal) })),
  };
  const guard = (journal: Journal): Journal => {
    const around = <A extends unknown[], T>(name: string, act: (...args: A) => Promise<T>) => {
      return async (...args: A): Promise<T> => {
        await pass(`before ${name}`);
        const done = await act(...args);
        await pass(`after ${name}`);
        return done;
      };
    };
    return {
      prepare: journal.prepare,
      enter: around('enter', journal.enter),
      answered: around('answered', journal.answered),
      gone: around('gone', journal.gone),
      remains: around('remains', journal.remains),
      open: journal.open,
      close: around('close', journal.close),
    };
  };
  const timer: World['timer'] = (ms, callback) => {
    const cancel = fake.timer(ms, callback);
    if (ms !== 77_000) return cancel;
    expire = callback;
    return () => {
      expire = () => {};
      cancel();
    };
  };
  const world: World = { ...fake, http, sockets, journals: guarded, now, timer };
  return Object.assign(world as FakeWorld, {
    places,
    cut: fell.then(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      while (underway.size > 0) await Promise.allSettled(underway);
      if (act === 'kill') await real.close();
    }),
  });
}
