import type { Origin } from './mistake.js';

/** What the command line can say about a target, as commander spells it; checked here, not there. */
export interface Flags {
  readonly target?: string | undefined;
  readonly config?: string | undefined;
  readonly auth?: string | undefined;
  readonly api?: string | undefined;
  readonly userA?: string | undefined;
  readonly userB?: string | undefined;
  readonly admin?: string | undefined;
  readonly me?: string | undefined;
  readonly tasks?: string | undefined;
  readonly socket?: string | undefined;
  readonly socketAuth?: string | undefined;
  readonly tokenRoute?: string | undefined;
  readonly trust?: string | undefined;
  readonly production?: boolean | undefined;
  readonly caFile?: string | undefined;
  readonly signUp?: boolean | undefined;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** Each setting that a flag or a variable can give, by its path in a target of the file. Secrets have no flag. */
export const sources = {
  auth: { flag: 'auth', variable: 'LOCKSTEP_AUTH' },
  api: { flag: 'api', variable: 'LOCKSTEP_API' },
  database: { flag: null, variable: 'LOCKSTEP_DATABASE' },
  secret: { flag: null, variable: 'LOCKSTEP_SECRET' },
  'token.route': { flag: 'tokenRoute', variable: 'LOCKSTEP_TOKEN_ROUTE' },
  'token.trust': { flag: 'trust', variable: 'LOCKSTEP_TRUST' },
  'users.a.email': { flag: 'userA', variable: 'LOCKSTEP_A_EMAIL' },
  'users.a.password': { flag: null, variable: 'LOCKSTEP_A_PASSWORD' },
  'users.b.email': { flag: 'userB', variable: 'LOCKSTEP_B_EMAIL' },
  'users.b.password': { flag: null, variable: 'LOCKSTEP_B_PASSWORD' },
  'admin.email': { flag: 'admin', variable: 'LOCKSTEP_ADMIN_EMAIL' },
  'admin.password': { flag: null, variable: 'LOCKSTEP_ADMIN_PASSWORD' },
  'routes.me.get': { flag: 'me', variable: 'LOCKSTEP_ME' },
  'routes.resources': { flag: 'tasks', variable: 'LOCKSTEP_TASKS' },
  'routes.socket.url': { flag: 'socket', variable: 'LOCKSTEP_SOCKET' },
  'routes.socket.auth': { flag: 'socketAuth', variable: 'LOCKSTEP_SOCKET_AUTH' },
  caFile: { flag: 'caFile', variable: 'LOCKSTEP_CA_FILE' },
  target: { flag: 'target', variable: 'LOCKSTEP_TARGET' },
  config: { flag: 'config', variable: 'LOCKSTEP_CONFIG' },
} as const satisfies Record<string, { flag: keyof Flags | null; variable: string }>;

export type SettingName = keyof typeof sources;

/** A value and where it was written. */
export interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** What a flag, else a variable says, unchecked; null when neither does. An empty variable says nothing. */
export function given(name: SettingName, flags: Flags, env: Env): Sourced<string> | null {
  const { flag, variable } = sources[name];
  const said = flag === null ? undefined : flags[flag];
  if (flag !== null && said !== undefined) return { value: said, origin: { kind: 'flag', flag: spelled(flag) } };
  const held = env[variable];
  return held === undefined || held === '' ? null : { value: held, origin: { kind: 'env', variable } };
}

/** The same as a user writes them: `--socket-auth`. */
export function ways(): Record<SettingName, { flag: string | null; variable: string }> {
  const spelt = Object.entries(sources).map(([name, { flag, variable }]) => [
    name,
    { flag: flag === null ? null : spelled(flag), variable },
  ]);
  return Object.fromEntries(spelt);
}

/** `socketAuth` -> `--socket-auth` */
export function spelled(flag: string): string {
  return `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** One line of `config show`: a Secret shows as such. */
export interface Setting {
  /** its path in a target: `routes.me.get` */
  readonly name: string;
  /** plain data, or a Secret */
  readonly value: unknown;
  readonly origin: Origin;
}
