import { setMaxListeners } from 'node:events';
import packageJson from '../../package.json' with { type: 'json' };
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Made } from '../core/journal.js';
import type { Probe, Recorded, Undo } from '../core/probe.js';
import type { Target } from '../core/target.js';
import type { Journal, World } from '../world.js';
import { createCaller } from './caller.js';
import { newJar } from './jar.js';
import { freshKey } from './keys.js';
import { pause } from './pause.js';
import { trace } from './trace.js';

export interface ProbeOptions {
  readonly target: Target;
  readonly world: World;
  /** undone after the run, last in first out */
  readonly undo: Undo[];
  /** what has been made and is not gone */
  readonly journal: Journal;
  /** the id of the run: in everything that it makes, and in every request */
  readonly run: string;
  /** hears each token and cookie, so that none is ever printed */
  readonly learn: (secret: string) => void;
}

/** The probe of one check: all its exchanges end when `signal` is aborted. */
export function createProbe({ target, world, undo, journal, run, learn }: ProbeOptions, signal: AbortSignal): Probe {
  // many exchanges of one check go on at once
  setMaxListeners(0, signal);
  const wait = (ms: number) => pause(world.timer, ms, signal);
  const agent = `lockstep/${packageJson.version} run=${run}`;
  const exchange = { http: world.http, signal, origin: target.origin, pause: wait, now: world.now, agent, learn };
  return {
    target,
    auth: createCaller(target.auth, exchange),
    api: createCaller(target.api ?? '', exchange),
    newJar: () => newJar(learn),
    socket: (options) => trace({ world, target, signal, agent, learn }, options),
    canary: () => `canary-${run}-${Buffer.from(world.random(16)).toString('hex')}`,
    now: () => world.now(),
    freshKey,
    pause: wait,
    defer: (action) => void undo.push(action),
    record: (made, action) => record(made, action, { journal, undo }),
  };
}

/** The id of a run: 40 random bits in hex. */
export function newRun({ random }: Pick<World, 'random'>): string {
  return Buffer.from(random(5)).toString('hex');
}

async function record(
  made: Made,
  action: Undo,
  { journal, undo }: Pick<ProbeOptions, 'journal' | 'undo'>,
): Promise<Recorded> {
  const n = await journal.enter(made);
  undo.push(async (probe) => {
    try {
      await action(probe);
    } catch (error) {
      if (error instanceof LockstepError && error.exit === Exit.problems) await journal.remains(n, error.message);
      throw error;
    }
    await journal.gone(n);
  });
  return { answered: (path) => journal.answered(n, path) };
}
