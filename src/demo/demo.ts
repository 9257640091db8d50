import { join } from 'node:path';
import { usage } from '../core/errors.js';
import { Secret } from '../core/secret.js';
import type { EdgeOptions } from './edge/plan.js';
import type { Fault, FaultId } from './faults.js';
import { faults } from './faults.js';
import { changeFiles, exported, makeFolder, removeFolder, writeEnvFiles, writeSettings } from './folder.js';
import { addressesOf, layoutOf } from './layout.js';
import { type Person, signUp } from './people.js';
import { plantedAmong } from './planted.js';
import { type Held, holdPort } from './port.js';
import type { Backend, Plan, SocketAuthMode, Trust } from './protocol.js';
import { findPython } from './python/interpreter.js';
import { Service } from './service.js';
import { settingsOf } from './settings.js';
import type { TwinId } from './twins.js';

export interface DemoOptions {
  readonly trust: Trust;
  readonly socketAuth: SocketAuthMode;
  /** a signed-in user may remove itself: on, unless said otherwise, though Better Auth has it off */
  readonly deleteUser?: boolean;
  /** Node unless given */
  readonly backend?: Backend;
  /**
   * A real PostgreSQL instead of the embedded one. The demo makes one schema of its own in it,
   * `lockstep_demo_<random>`, and drops it at the end with all users, rows and tables in it; whatever else is there is
   * not touched. Needs CREATE on the database.
   */
  readonly databaseUrl?: Secret;
  readonly faults: readonly FaultId[];
  /** the healthy deployment that it looks like; what settings say of it is given as settings */
  readonly twin?: TwinId;
  /** one public origin in front of both halves; none unless given or needed by a fault */
  readonly edge?: EdgeOptions;
  /** milliseconds that the model takes for each part of an answer; 5 unless given */
  readonly pace?: number;
  /** NODE_ENV=production for the auth server: three sign-ins in ten seconds */
  readonly production?: boolean;
  /** where Better Auth's routes begin: `/api/auth` unless given */
  readonly basePath?: string;
  /** asked-for ports; any free one otherwise */
  readonly port?: { readonly auth?: number; readonly api?: number; readonly edge?: number };
  /** one line for each thing that got ready */
  readonly progress?: (line: string) => void;
  /** ends the demo, whether it is starting or running */
  readonly signal?: AbortSignal;
}

type ServiceName = 'auth' | 'api' | 'database' | 'edge' | 'auth-2' | 'api-2';

/** A whole deployment on loopback. */
export interface Demo {
  /** `http://localhost:PORT/api/auth` */
  readonly auth: string;
  readonly api: string;
  /** `ws://localhost:PORT/api/ws`; with TLS `wss:` on a host name of its own */
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
  /** the certificate of the CA that the edge is under, PEM; null where it speaks no TLS */
  readonly caFile: string | null;
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
  const {
    trust,
    socketAuth,
    deleteUser = true,
    databaseUrl,
    signal,
    basePath = '/api/auth',
    progress = () => {},
  } = options;
  refuseIdleFaults(options);
  signal?.throwIfAborted();
  const python = options.backend === 'python' ? await findPython() : null;

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
    const ids = [...options.faults, ...(options.twin === undefined ? [] : [options.twin])];
    const planted = plantedAmong(ids);
    const layout = layoutOf(options);
    const begin = (name: ServiceName) => {
      const service = new Service(name, {
        folder,
        planted: ids,
        env: exported(name, layout, planted),
        ...(python !== null && name.startsWith('api') ? { script: 'python' } : {}),
      });
      undo.push(() => service.stop());
      return service;
    };
    const hold = async (owner: string, asked?: number) => {
      const held = await holdPort(
        owner,
        asked,
        layout.edge?.host === '[::1]' && owner === 'edge' ? '::1' : '127.0.0.1',
      );
      undo.push(async () => void held.server.close());
      return held;
    };
    const database = begin('database');
    const auths = (['auth', 'auth-2'] as const).slice(0, layout.replicas).map(begin);
    const apis = (['api', 'api-2'] as const).slice(0, layout.replicas).map(begin);
    const edge = layout.edge === null ? null : begin('edge');
    const plan: Plan = {
      folder,
      trust,
      socketAuth,
      deleteUser,
      basePath,
      databaseUrl: null,
      python,
      replica: 0,
      edge: null,
    };
    const [authPorts, apiPorts, edgePort, place] = await Promise.all([
      Promise.all(auths.map((_, n) => hold('auth server', n === 0 ? options.port?.auth : undefined))),
      Promise.all(apis.map((_, n) => hold('API', n === 0 ? options.port?.api : undefined))),
      edge === null ? null : hold('edge', options.port?.edge),
      database
        .start({ ...plan, databaseUrl: databaseUrl?.reveal() ?? null })
        .then((news) => new Secret(news.databaseUrl ?? '')),
    ]);
    progress(
      databaseUrl === undefined ? 'database: ready, PostgreSQL in memory' : 'database: ready, a schema of its own',
    );

    const numbers = (held: readonly { readonly port: number }[]) => held.map(({ port }) => port);
    const ports = { auth: numbers(authPorts), api: numbers(apiPorts), edge: edgePort?.port ?? null };
    const at = addressesOf(layout, ports, basePath);
    const internal = at.edge === null && basePath === '/api/auth' ? null : at.internal;
    writeEnvFiles(folder, { databaseUrl: place.reveal(), auth: at.origin, api: at.api, internal }, planted);
    const startAll = async (services: readonly Service[], held: readonly Held[], name: string) => {
      // one after the other: the first one makes the signing key
      for (const [replica, service] of services.entries()) {
        await service.start({ ...plan, replica }, held[replica]?.server);
        progress(`${name}: http://localhost:${held[replica]?.port}`);
      }
    };
    await Promise.all([
      startAll(auths, authPorts, 'auth server'),
      startAll(apis, apiPorts, 'API'),
      edge?.start({ ...plan, edge: at.edge }, edgePort?.server).then(() => progress(`edge: ${at.origin}`)),
    ]);
    const [a, b] = await Promise.all([signUp(at.internal, at.origin, 'a'), signUp(at.internal, at.origin, 'b')]);
    progress('users: two signed up');
    changeFiles(folder, planted);
    signal?.throwIfAborted();

    const urls = { auth: `${at.origin}${basePath}`, api: at.api, socket: at.socket };
    const all = [...auths, ...apis, ...(edge === null ? [] : [edge]), database];
    const users = { a, b };
    const caFile = layout.edge?.tls === true ? join('edge', 'ca.pem') : null;
    const config = settingsOf({
      ...urls,
      caFile,
      trust,
      socketAuth,
      users,
      shared: planted('H16'),
      backendLoader: planted('F195') ? 'docker' : 'dotenv',
    });
    return {
      ...urls,
      page: `${at.origin}/`,
      folder,
      database: place,
      users,
      config,
      configFile: writeSettings(folder, config),
      caFile: caFile === null ? null : join(folder, caFile),
      ended: Promise.race(all.map((service) => service.exited.then(() => service.name))),
      services: Object.fromEntries(
        all.filter((one) => one !== database || databaseUrl === undefined).map((service) => [service.name, service]),
      ),
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
function refuseIdleFaults({ faults: asked, trust, socketAuth, backend }: DemoOptions): void {
  for (const id of asked) {
    const fault: Fault | undefined = faults.find((one) => one.id === id);
    if (fault?.trust !== undefined && fault.trust !== trust) {
      throw usage(`fault ${id} exists only with --trust ${fault.trust}: ${fault.what}`);
    }
    if (fault?.socketAuth !== undefined && fault.socketAuth !== socketAuth) {
      throw usage(`fault ${id} exists only with --socket-auth ${fault.socketAuth}: ${fault.what}`);
    }
    if (fault?.where === 'BE' && backend === 'python')
      throw usage(`fault ${id} is one of the API in Node, not of the one in Python: ${fault.what}`);
  }
}
