import { join } from 'node:path';
import { Secret } from '../core/secret.js';
import type { Demo, DemoOptions } from './contract.js';
import { refuseIdleFaults } from './faults/idle.js';
import { changeFiles, writeEnvFiles, writeSettings } from './folder.js';
import { addressesOf, layoutOf } from './layout.js';
import { Parts, type ServiceName } from './parts.js';
import { signUp } from './people.js';
import { plantedAmong } from './planted.js';
import type { Held } from './port.js';
import type { Plan } from './protocol.js';
import { findPython } from './python/interpreter.js';
import type { Service } from './service.js';
import { settingsOf } from './settings.js';

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
    quickPasswords = false,
    endlessRefusals = false,
    databaseUrl,
    signal,
    basePath = '/api/auth',
    progress = () => {},
  } = options;
  refuseIdleFaults(options);
  signal?.throwIfAborted();
  const python = options.backend === 'python' ? await findPython() : null;
  const ids = [...options.faults, ...(options.twin === undefined ? [] : [options.twin])];
  const planted = plantedAmong(ids);
  const layout = layoutOf(options);

  const parts = new Parts({ layout, ids, python: python !== null });
  const { folder } = parts;
  const stop = () => {
    signal?.removeEventListener('abort', stop);
    return parts.stop();
  };
  signal?.addEventListener('abort', stop);

  try {
    const begin = (name: ServiceName) => parts.begin(name);
    const hold = (owner: string, asked?: number) => parts.hold(owner, asked);
    const database = begin('database');
    const auths = (['auth', 'auth-2'] as const).slice(0, layout.replicas).map(begin);
    const apis = (['api', 'api-2'] as const).slice(0, layout.replicas).map(begin);
    const edge = layout.edge === null ? null : begin('edge');
    const plan: Plan = {
      folder,
      trust,
      socketAuth,
      deleteUser,
      quickPasswords,
      endlessRefusals,
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
