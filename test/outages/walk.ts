import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Demo, DemoOptions } from '../../src/demo/contract.js';
import { createJournals } from '../../src/io/journal/journals.js';
import { realWorld } from '../../src/io/world.js';
import { main } from '../../src/main.js';
import type { World } from '../../src/world.js';
import { bentWorld, type Outage } from './bent.js';

export interface Result {
  readonly check: string;
  readonly verdict: string;
  readonly because?: string;
  readonly findings: readonly { readonly code: string; readonly text: string }[];
}

/** What a run of checks came to. */
export interface Walk {
  readonly code: number;
  readonly results: readonly Result[];
  readonly places: readonly string[];
  /** by check: how many places there were, and how many exchanges had come to nothing, when it ended */
  readonly ends: Readonly<Record<string, { readonly place: number; readonly lost: number }>>;
  readonly ms: number;
  /** what was thrown, or cannot be read */
  readonly trouble: string | null;
}

/** The deployment that all runs share: nothing in it is about passwords, and hundreds of sockets are refused. */
export const deployment: DemoOptions = {
  trust: 'jwks',
  socketAuth: 'query',
  faults: [],
  // a stream takes its time, so that a busy machine does not make one piece of it
  pace: 100,
  quickPasswords: true,
  endlessRefusals: true,
};

/** They use up what all others need. */
export const unfit: readonly string[] = [
  'config/client-ip-known',
  'session/login-rate-limited',
  'ws/handshake-limited',
];

const consents = ['--allow-writes', '--allow-noisy'];

/** `lockstep check` in this process, through a world in which a part of the deployment may go away. */
export async function walk(demo: Demo, only: readonly string[], outage?: Outage): Promise<Walk> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-outage-'));
  const began = performance.now();
  const { users, configFile } = demo;
  const reported: string[] = [];
  const real = realWorld();
  const bent = bentWorld(real, demo, outage);
  const ends: Record<string, { place: number; lost: number }> = {};
  const world: World = {
    ...real,
    ...bent.world,
    cwd: demo.folder,
    env: {
      LOCKSTEP_A_PASSWORD: users.a.password.reveal(),
      LOCKSTEP_B_PASSWORD: users.b.password.reveal(),
      LOCKSTEP_DATABASE: demo.database.reveal(),
    },
    journals: createJournals(folder, Date.now),
    outputs: {
      open: async () => ({ write: async (text) => void reported.push(text), close: async () => {} }),
    },
    stdout: {
      isTTY: false,
      columns: 80,
      rows: 24,
      write(text) {
        const event = JSON.parse(text) as { event?: string; check?: string };
        if (event.event === 'result' && event.check !== undefined)
          ends[event.check] = { place: bent.places.length, lost: bent.lost() };
      },
    },
    stderr: { isTTY: false, columns: 80, rows: 24, write: () => {} },
    interrupted: new AbortController().signal,
  };
  let code = -1;
  let trouble: string | null = null;
  let results: readonly Result[] = [];
  try {
    code = await main(
      ['check', '--ndjson', '--report', 'json=report', ...consents, '--config', configFile, ...only],
      world,
    );
    results = (JSON.parse(reported.join('')) as { results?: readonly Result[] }).results ?? [];
  } catch (error) {
    trouble = String(error);
  } finally {
    await real.http.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { code, results, places: bent.places, ends, ms: Math.round(performance.now() - began), trouble };
}
