import { setMaxListeners } from 'node:events';
import type { Probe, Undo } from '../core/probe.js';
import type { Target } from '../core/target.js';
import type { World } from '../world.js';
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
  /** hears each token and cookie, so that none is ever printed */
  readonly learn: (secret: string) => void;
}

/** The probe of one check: all its exchanges end when `signal` is aborted. */
export function createProbe({ target, world, undo, learn }: ProbeOptions, signal: AbortSignal): Probe {
  // many exchanges of one check go on at once
  setMaxListeners(0, signal);
  const wait = (ms: number) => pause(world.timer, ms, signal);
  const exchange = { http: world.http, signal, origin: target.origin, pause: wait, now: world.now, learn };
  return {
    target,
    auth: createCaller(target.auth, exchange),
    api: createCaller(target.api ?? '', exchange),
    newJar: () => newJar(learn),
    socket: (options) => trace({ world, target, signal, learn }, options),
    canary: () => `canary-${Buffer.from(world.random(16)).toString('hex')}`,
    now: () => world.now(),
    freshKey,
    pause: wait,
    defer: (action) => void undo.push(action),
  };
}
