import { setMaxListeners } from 'node:events';
import packageJson from '../../package.json' with { type: 'json' };
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Made } from '../core/journal.js';
import type { Material } from '../core/material.js';
import { noMaterial } from '../core/material.js';
import type { Probe, Recorded, Undo } from '../core/probe.js';
import type { Target } from '../core/target.js';
import type { Journal, World } from '../world.js';
import { createCaller } from './caller.js';
import { homeOf } from './home.js';
import { newJar } from './jar.js';
import { freshKey } from './keys.js';
import { connect } from './live.js';
import type { Note } from './note.js';
import type { Pace } from './pace.js';
import { createPace } from './pace.js';
import { pause } from './pause.js';
import { trace } from './trace.js';

export interface ProbeOptions {
  readonly target: Target;
  readonly world: World;
  /** nothing but addresses and users unless given */
  readonly material?: Material;
  /** shared by all checks of a run */
  readonly pace?: Pace;
  /** milliseconds that a check may let pass, 10,000 unless given */
  readonly longest?: number;
  /** undone after the run, last in first out */
  readonly undo: Undo[];
  /** what has been made and is not gone */
  readonly journal: Journal;
  /** the id of the run: in everything that it makes, and in every request */
  readonly run: string;
  /** hears each token and cookie, so that none is ever printed */
  readonly learn: (secret: string) => void;
  /** hears of each exchange */
  readonly note?: Note;
  /** hears of each request that is on its way, or has come to nothing */
  readonly sent?: () => void;
}

/** What a check may let pass where nobody allows more. */
export const usualLongest = 10_000;

/** The probe of one check: all its exchanges end when `signal` is aborted. */
export function createProbe(options: ProbeOptions, signal: AbortSignal): Probe {
  const { target, world, material = noMaterial, longest = usualLongest, undo, journal, run, learn } = options;
  const { note = () => {}, sent = () => {} } = options;
  const pace = options.pace ?? createPace(target.production, world);
  // many exchanges of one check go on at once
  setMaxListeners(0, signal);
  const agent = `lockstep/${packageJson.version} run=${run}`;
  const home = homeOf(target);
  const exchange = { http: world.http, signal, origin: target.origin, pace, home, agent, learn, note, sent };
  const at = (base: string) => createCaller(base, exchange);
  const hand = { world, target, signal, agent, learn, note };
  return {
    target,
    auth: at(target.auth),
    api: at(target.api ?? ''),
    site: at(target.origin),
    at,
    material,
    longest,
    newJar: () => newJar(learn),
    socket: (options) => trace(hand, options),
    connect: (options) => connect(hand, options),
    wire: (url) => world.net.wire(url, signal),
    tls: (url, newest) => world.net.tls(url, newest ?? null, signal),
    listen: (document) => world.net.listen(document, signal),
    canary: () => `canary-${run}-${Buffer.from(world.random(16)).toString('hex')}`,
    now: () => world.now(),
    monotonic: () => world.monotonic(),
    freshKey,
    pause: (ms) => pause(world.timer, ms, signal),
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
  const entering = journal.enter(made);
  let gone = false;
  // at once: a run may end while this is being written, and then it is gone, too, and off the record
  undo.push(async (probe) => {
    const n = await entering.catch(() => null);
    if (n === null || gone) return;
    try {
      await action(probe);
    } catch (error) {
      if (error instanceof LockstepError && error.exit === Exit.problems) await journal.remains(n, error.message);
      throw error;
    }
    // the end of the journal waits for it
    void journal.gone(n);
  });
  const n = await entering;
  return {
    answered: (path) => journal.answered(n, path),
    gone() {
      gone = true;
      return journal.gone(n);
    },
  };
}
