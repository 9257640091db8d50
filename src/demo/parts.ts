import { exported, makeFolder, removeFolder } from './folder.js';
import type { Layout } from './layout.js';
import { plantedAmong } from './planted.js';
import { type Held, holdPort } from './port.js';
import { Service } from './service.js';

export type ServiceName = 'auth' | 'api' | 'database' | 'edge' | 'auth-2' | 'api-2';

interface Kind {
  readonly layout: Layout;
  /** of its faults and of the healthy twin */
  readonly ids: readonly string[];
  /** the API is the one in Python */
  readonly python: boolean;
}

/** Folder, processes and ports of a deployment: they come one by one and go together. */
export class Parts {
  readonly folder = makeFolder();
  readonly #kind: Kind;
  readonly #undo: (() => Promise<void>)[] = [async () => removeFolder(this.folder)];
  #stopping: Promise<void> | undefined;

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  begin(name: ServiceName): Service {
    const { layout, ids, python } = this.#kind;
    const service = new Service(name, {
      folder: this.folder,
      planted: ids,
      env: exported(name, layout, plantedAmong(ids)),
      ...(python && name.startsWith('api') ? { script: 'python' } : {}),
    });
    this.#undo.push(() => service.stop());
    return service;
  }

  async hold(owner: string, asked?: number): Promise<Held> {
    const { edge } = this.#kind.layout;
    const held = await holdPort(owner, asked, edge?.host === '[::1]' && owner === 'edge' ? '::1' : '127.0.0.1');
    this.#undo.push(async () => void held.server.close());
    return held;
  }

  /** Last in, first out: the servers let go of the database before it goes, and the folder is last. */
  stop(): Promise<void> {
    this.#stopping ??= this.#takeDown();
    return this.#stopping;
  }

  async #takeDown(): Promise<void> {
    for (const one of this.#undo.toReversed()) await one();
  }
}
