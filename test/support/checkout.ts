import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { files } from '../../src/io/files.js';
import { createWorkspace } from '../../src/io/workspace.js';
import { main } from '../../src/main.js';
import type { FakeWorldOptions } from './fake-world.js';
import { fakeWorld } from './fake-world.js';

/** A project on the real disk, for as long as a test needs it. */
export interface Checkout {
  readonly root: string;
  path(name: string): string;
  read(name: string): string;
  /** every file with its content, its modification time and its mode */
  snapshot(): Record<string, string>;
  /** the program in a fake world on this disk */
  lockstep(args: readonly string[], options?: FakeWorldOptions & { readonly cwd?: string }): Promise<Ended>;
  remove(): void;
}

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A Next.js frontend and a FastAPI backend, as the quickstart has them, before anything is set up. */
export const quickstart: Readonly<Record<string, string>> = {
  'frontend/package.json': '{ "dependencies": { "next": "16.0.0", "better-auth": "1.6.0" } }',
  'backend/requirements.txt': 'fastapi==0.115\nasyncpg>=0.30\npython-dotenv\n',
};

export function checkout(contents: Readonly<Record<string, string | Uint8Array>> = quickstart): Checkout {
  const root = mkdtempSync(join(tmpdir(), 'lockstep-checkout-'));
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  const path = (name: string) => join(root, name);
  return {
    root,
    path,
    read: (name) => readFileSync(path(name), 'utf8'),
    snapshot() {
      const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      return Object.fromEntries(
        entries.map((entry) => {
          const file = join(entry.parentPath, entry.name);
          const { mtimeMs, mode } = statSync(file);
          return [file.slice(root.length + 1), `${mtimeMs} ${mode.toString(8)} ${readFileSync(file, 'latin1')}`];
        }),
      );
    },
    async lockstep(args, { cwd = '', ...options } = {}) {
      const world = fakeWorld(options);
      const interrupted = options.interrupted ?? new AbortController().signal;
      const workspace = createWorkspace(world.now, interrupted);
      const code = await main(args, { ...world, cwd: path(cwd), files, workspace });
      return { code, out: world.out(), err: world.err() };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
