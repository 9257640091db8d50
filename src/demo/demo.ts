import { usage } from '../core/errors.js';
import { Secret } from '../core/secret.js';
import { type Fault, type FaultId, faults } from './faults.js';
import { makeFolder, removeFolder, writeEnvFiles, writeSettings } from './folder.js';
import { type Person, signUp } from './people.js';
import { holdPort } from './port.js';
import type { Plan, SocketAuthMode, Trust } from './protocol.js';
import { Service } from './service.js';
import { settingsOf } from './settings.js';

export interface DemoOptions {
  readonly trust: Trust;
  readonly socketAuth: SocketAuthMode;
  /** a signed-in user may remove itself: on, unless said otherwise, though Better Auth has it off */
  readonly deleteUser?: boolean;
  /**
   * A real PostgreSQL instead of the embedded one. The demo makes one schema of its own in it,
   * `lockstep_demo_<random>`, and drops it at the end with all users, rows and tables in it; whatever else is there is
   * not touched. Needs CREATE on the database.
   */
  readonly databaseUrl?: Secret;
  readonly faults: readonly FaultId[];
  /** asked-for ports; any free one otherwise */
  readonly port?: { readonly auth?: number; readonly api?: number };
  /** one line for each thing that got ready */
  readonly progress?: (line: string) => void;
  /** ends the demo, whether it is starting or running */
  readonly signal?: AbortSignal;
}

type ServiceName = 'auth' | 'api' | 'database';

/** A whole deployment on loopback. */
export interface Demo {
  /** `http://localhost:PORT/api/auth` */
  readonly auth: string;
  readonly api: string;
  /** `ws://localhost:PORT/api/ws` */
  readonly socket: string;
  readonly page: string;
  /** holds `frontend/.env.local` and `backend/.env` (0600); gone after `stop` */
  readonly folder: string;
  /** reaches the rows of this demo */
  readonly database: Secret;
  readonly users: { readonly a: Person; readonly b: Person };
  /** the lockstep.json to use, and where it lies */
  readonly config: object;
  readonly configFile: string;
  /** the processes; `database` only where it is the demo's own */
  readonly services: { readonly [name in ServiceName]?: { readonly pid: number; stop(): Promise<void> } };
  /** resolves with the name of the first process that is gone */
  readonly ended: Promise<string>;
  /** leaves no process and no file; can be called again */
  stop(): Promise<void>;
}

/**
 * Starts auth server, API and database side by side and signs two users up. They end with this process, however it
 * ends. Throws a LockstepError for a taken port, a fault that cannot be planted, or a part that does not start; nothing
 * is left behind then either.
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { trust, socketAuth, deleteUser = true, databaseUrl, signal, progress = () => {} } = options;
  refuseIdleFaults(options);
  signal?.throwIfAborted();

  const folder = makeFolder();
  const undo: (() => Promise<void>)[] = [async () => removeFolder(folder)];
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= undoAll(undo);
    signal?.removeEventListener('abort', stop);
    return stopping;
  };
  signal?.addEventListener('abort', stop);

  try {
    const begin = (name: string) => {
      const service = new Service(name, folder, options.faults);
      undo.push(() => service.stop());
      return service;
    };
    const [database, auth, api] = [begin('database'), begin('auth'), begin('api')];
    const hold = async (owner: string, asked: number | undefined) => {
      const held = await holdPort(owner, asked);
      undo.push(async () => void held.server.close());
      return held;
    };
    const plan: Plan = { folder, trust, socketAuth, deleteUser, databaseUrl: databaseUrl?.reveal() ?? null };
    const [authPort, apiPort, place] = await Promise.all([
      hold('auth server', options.port?.auth),
      hold('API', options.port?.api),
      database.start(plan).then((news) => new Secret(news.databaseUrl ?? '')),
    ]);
    progress(
      databaseUrl === undefined ? 'database: ready, PostgreSQL in memory' : 'database: ready, a schema of its own',
    );

    const origin = `http://localhost:${authPort.port}`;
    const apiUrl = `http://localhost:${apiPort.port}`;
    writeEnvFiles(folder, { databaseUrl: place.reveal(), auth: origin, api: apiUrl });
    const told: Plan = { ...plan, databaseUrl: null };
    await Promise.all([
      auth.start(told, authPort.server).then(() => progress(`auth server: ${origin}`)),
      api.start(told, apiPort.server).then(() => progress(`API: ${apiUrl}`)),
    ]);
    const [a, b] = await Promise.all([signUp(origin, 'a'), signUp(origin, 'b')]);
    progress('users: two signed up');
    signal?.throwIfAborted();

    const urls = { auth: `${origin}/api/auth`, api: apiUrl, socket: `ws://localhost:${apiPort.port}/api/ws` };
    const users = { a, b };
    const config = settingsOf({ ...urls, trust, socketAuth, users });
    return {
      ...urls,
      page: `${origin}/`,
      folder,
      database: place,
      users,
      config,
      configFile: writeSettings(folder, config),
      ended: Promise.race([auth, api, database].map((service) => service.exited.then(() => service.name))),
      services: { auth, api, ...(databaseUrl === undefined ? { database } : {}) },
      stop,
    };
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw error;
  }
}

/** Last in, first out: the servers let go of the database before it goes, and the folder is last. */
async function undoAll(undo: readonly (() => Promise<void>)[]): Promise<void> {
  for (const one of undo.toReversed()) await one();
}

/** A fault that cannot show under these settings would make a healthy demo look like a test that passed. */
function refuseIdleFaults({ faults: asked, trust }: DemoOptions): void {
  for (const id of asked) {
    const fault: Fault | undefined = faults.find((one) => one.id === id);
    if (fault?.trust !== undefined && fault.trust !== trust) {
      throw usage(`fault ${id} exists only with --trust ${fault.trust}: ${fault.what}`);
    }
  }
}
