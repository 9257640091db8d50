import { usage } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import { Secret } from '../core/secret.js';
import type { DemoOptions } from '../demo/demo.js';
import type { FaultId } from '../demo/faults.js';
import { faults, isFaultId } from '../demo/faults.js';
import type { World } from '../world.js';

/** The options of `lockstep demo` as they stand on the command line. */
export interface Options {
  readonly serve?: boolean;
  readonly json?: boolean;
  readonly fault?: readonly string[];
  readonly listFaults?: boolean;
  readonly trust: string;
  readonly socketAuth: string;
  readonly deleteUser?: boolean;
  readonly databaseUrlEnv?: string;
  readonly authPort?: string;
  readonly apiPort?: string;
}

/** Every mistake in the options at once. */
export function demoOptions(options: Options, env: World['env']): DemoOptions {
  const mistakes: string[] = [];
  const oneOf = <T extends string>(flag: string, value: string, known: readonly T[]): T => {
    if (!known.includes(value as T)) mistakes.push(`${flag} ${value}: it is one of ${known.join(', ')}`);
    return value as T;
  };
  const port = (flag: string, value: string): number => {
    if (!/^\d{1,5}$/.test(value) || Number(value) < 1 || Number(value) > 65_535)
      mistakes.push(`${flag} ${value}: it is a number from 1 to 65535`);
    return Number(value);
  };
  const known = faults.map(({ id }) => id);
  const asked = (options.fault ?? []).map((id) => {
    const near = nearest(id, known);
    if (!isFaultId(id)) mistakes.push(`no fault is called ${id}${near === null ? '' : ` (did you mean ${near}?)`}`);
    return id as FaultId;
  });
  const name = options.databaseUrlEnv;
  const url = name === undefined ? undefined : env[name];
  if (name !== undefined && !url) mistakes.push(`--database-url-env ${name}: that variable is not set`);
  const result: DemoOptions = {
    trust: oneOf('--trust', options.trust, ['jwks', 'shared-secret']),
    socketAuth: oneOf('--socket-auth', options.socketAuth, ['query', 'subprotocol', 'header', 'message']),
    deleteUser: options.deleteUser !== false,
    faults: asked,
    ...(url ? { databaseUrl: new Secret(url) } : {}),
    port: {
      ...(options.authPort === undefined ? {} : { auth: port('--auth-port', options.authPort) }),
      ...(options.apiPort === undefined ? {} : { api: port('--api-port', options.apiPort) }),
    },
  };
  if (mistakes.length > 0) throw usage(mistakes.join('\n'), 'lockstep demo --help');
  return result;
}
