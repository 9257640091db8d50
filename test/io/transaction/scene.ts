import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileChange } from '../../../src/world.js';

const text = (value: string) => Buffer.from(value);

interface Part {
  readonly path: string;
  readonly old: string | null;
  readonly now: string;
  readonly secret: boolean;
  /** permission bits before and after */
  readonly mode: readonly [number, number];
}

/** Two env files and two others, of each kind one that is there and one that is not. */
export const parts: readonly Part[] = [
  { path: '.gitignore', old: 'node_modules\n', now: 'node_modules\n.env\n', secret: false, mode: [0o664, 0o664] },
  { path: 'frontend/.env.local', old: 'A=1\n', now: 'A=1\nS=frontend-secret\n', secret: true, mode: [0o644, 0o600] },
  { path: 'backend/.env', old: null, now: 'S=backend-secret\n', secret: true, mode: [0, 0o600] },
  { path: 'lockstep.json', old: null, now: '{}\n', secret: false, mode: [0, 0o644] },
];

export interface Scene {
  readonly root: string;
  readonly changes: readonly FileChange[];
}

export function scene(): Scene {
  const root = mkdtempSync(join(tmpdir(), 'lockstep-write-'));
  mkdirSync(join(root, 'frontend'));
  mkdirSync(join(root, 'backend'));
  for (const { path, old, mode } of parts) {
    if (old === null) continue;
    writeFileSync(join(root, path), old);
    chmodSync(join(root, path), mode[0]);
  }
  const changes = parts.map(({ path, old, now, secret }) => ({
    path: join(root, path),
    before: old === null ? null : text(old),
    after: text(now),
    secret,
  }));
  return { root, changes };
}

/** What the files of a scene are, together: all old, all new, or what is where. */
export function state(root: string): 'old' | 'new' | string {
  const states = parts.map(({ path, old, now }) => {
    const file = join(root, path);
    const is = existsSync(file) ? readFileSync(file, 'utf8') : null;
    if (is === old) return 'old';
    return is === now ? 'new' : `neither (${is})`;
  });
  return new Set(states).size === 1
    ? (states[0] as string)
    : parts.map(({ path }, i) => `${path}: ${states[i]}`).join(', ');
}

export const modes = (root: string) => parts.map(({ path }) => statSync(join(root, path)).mode & 0o777);

/** Every file below the root, with what is not of the scene and no backup apart. */
export function besides(root: string): { backups: string[]; traces: string[] } {
  const all = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !parts.some((part) => part.path === path));
  return {
    backups: all.filter((path) => path.includes('.bak.')),
    traces: all.filter((path) => !path.includes('.bak.')),
  };
}
