import { usage } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import { Secret } from '../core/secret.js';
import type { DemoOptions } from '../demo/contract.js';
import type { EdgeOptions } from '../demo/edge/plan.js';
import type { FaultId } from '../demo/faults.js';
import { faults, isFaultId } from '../demo/faults.js';
import type { Twin } from '../demo/twins.js';
import { isTwinId, twins } from '../demo/twins.js';
import type { World } from '../world.js';
import type { ReportOptions } from './check-reports.js';

/** The options of `lockstep demo` as they stand on the command line. */
export interface Options extends ReportOptions {
  readonly serve?: boolean;
  readonly fault?: readonly string[];
  readonly listFaults?: boolean;
  readonly twin?: string;
  readonly listTwins?: boolean;
  readonly trust: string;
  readonly socketAuth: string;
  readonly deleteUser?: boolean;
  readonly backend: string;
  readonly databaseUrlEnv?: string;
  readonly authPort?: string;
  readonly apiPort?: string;
  readonly edgePort?: string;
  readonly edge?: boolean;
  readonly tls?: boolean;
  readonly replicas?: boolean;
  readonly latency?: string;
  readonly jitter?: string;
  readonly loss?: string;
  readonly idle?: string;
  readonly production?: boolean;
}

/** What tells of a run of checks. */
const reporting = ['report', 'ndjson', 'trace', 'verbose'] as const satisfies (keyof ReportOptions)[];

/** Every mistake in the options at once. */
export function demoOptions(options: Options, env: World['env']): DemoOptions {
  const mistakes: string[] = [];
  const oneOf = <T extends string>(flag: string, value: string, known: readonly T[]): T => {
    if (!known.includes(value as T)) mistakes.push(`${flag} ${value}: it is one of ${known.join(', ')}`);
    return value as T;
  };
  const number = (flag: string, value: string, least: number, most: number): number => {
    if (!/^\d{1,5}$/.test(value) || Number(value) < least || Number(value) > most)
      mistakes.push(`${flag} ${value}: it is a number from ${least} to ${most}`);
    return Number(value);
  };
  const port = (flag: string, value: string) => number(flag, value, 1, 65_535);
  const known = faults.map(({ id }) => id);
  const asked = (options.fault ?? []).map((id) => {
    const near = nearest(id, known);
    if (!isFaultId(id)) mistakes.push(`no fault is called ${id}${near === null ? '' : ` (did you mean ${near}?)`}`);
    return id as FaultId;
  });
  const name = options.databaseUrlEnv;
  const url = name === undefined ? undefined : env[name];
  if (name !== undefined && !url) mistakes.push(`--database-url-env ${name}: that variable is not set`);
  const edge = edgeOptions(options, number);
  const twin: Twin | undefined = twins.find(({ id }) => id === options.twin);
  if (options.twin !== undefined && !isTwinId(options.twin)) mistakes.push(`no twin is called ${options.twin}`);
  const result: DemoOptions = {
    trust: oneOf('--trust', options.trust, ['jwks', 'shared-secret']),
    socketAuth: oneOf('--socket-auth', options.socketAuth, ['query', 'subprotocol', 'header', 'message']),
    deleteUser: options.deleteUser !== false,
    backend: oneOf('--backend', options.backend, ['node', 'python']),
    faults: asked,
    ...twin?.settings,
    ...(twin !== undefined && isTwinId(twin.id) ? { twin: twin.id } : {}),
    ...(edge === null ? {} : { edge: { ...twin?.settings?.edge, ...edge } }),
    ...(options.production === true ? { production: true } : {}),
    ...(url ? { databaseUrl: new Secret(url) } : {}),
    port: {
      ...(options.authPort === undefined ? {} : { auth: port('--auth-port', options.authPort) }),
      ...(options.apiPort === undefined ? {} : { api: port('--api-port', options.apiPort) }),
      ...(options.edgePort === undefined ? {} : { edge: port('--edge-port', options.edgePort) }),
    },
  };
  const idle = reporting.filter((name) => options.serve === true && options[name] !== undefined);
  if (idle.length > 0) {
    const flags = idle.map((name) => `--${name}`).join(', ');
    mistakes.push(
      `--serve runs no check: ${flags} would have nothing to tell (lockstep check in another terminal has)`,
    );
  }
  if (mistakes.length > 0) throw usage(mistakes.join('\n'), 'lockstep demo --help');
  return result;
}

/** Any option that is about an edge asks for one. */
function edgeOptions(
  { edge, edgePort, tls, replicas, latency, jitter, loss, idle }: Options,
  number: (flag: string, value: string, least: number, most: number) => number,
): EdgeOptions | null {
  if ([edge, edgePort, tls, replicas, latency, jitter, loss, idle].every((one) => one === undefined)) return null;
  const wire = {
    latency: number('--latency', latency ?? '0', 0, 10_000),
    jitter: number('--jitter', jitter ?? '0', 0, 10_000),
    loss: number('--loss', loss ?? '0', 0, 50),
  };
  return {
    ...(tls === true ? { tls } : {}),
    ...(replicas === true ? { replicas } : {}),
    ...(Object.values(wire).some((one) => one > 0) ? { wire } : {}),
    ...(idle === undefined ? {} : { idle: number('--idle', idle, 1, 86_400) }),
  };
}
