import { dirname, isAbsolute, join } from 'node:path';
import type { Target } from '../core/target.js';
import { findAddresses } from './addresses.js';
import { choose } from './choose.js';
import { Desk } from './desk.js';
import type { Mistake } from './mistake.js';
import { ConfigError } from './mistake.js';
import type { Parsed } from './parse.js';
import { settlePolicy } from './policy.js';
import { settleProduction } from './production.js';
import { settleRoutes } from './routes.js';
import type { TargetConfig } from './schema.js';
import type { Env, Flags, Setting, Sourced } from './sources.js';
import { given } from './sources.js';
import { judgeDatabaseUrl, path } from './url.js';
import { settleAdmin, settleUser } from './users.js';

/** A target, and where each of its settings was written. */
export interface Settings {
  readonly target: Target;
  readonly settings: readonly Setting[];
}

const trusts = ['auto', 'jwks', 'shared-secret'] as const;
const defaultRoute = '/token';
const standard = { kind: 'default' } as const;

/**
 * Flags over variables over the file over defaults. Pure.
 * Throws one ConfigError with every mistake of all of them.
 */
export function settle(parsed: Parsed | null, flags: Flags, env: Env): Settings {
  const chosen = choose(parsed, given('target', flags, env), given('auth', flags, env) !== null);
  const entry = (chosen.target !== null ? parsed?.config?.targets?.[chosen.target] : undefined) ?? null;
  const desk = new Desk(parsed, chosen.target, flags, env);
  // what looks like the name of a target in a broken file may be anything, a password too
  if (chosen.mistake !== undefined && parsed?.readable !== false) desk.mistakes.push(chosen.mistake);

  const { auth, api } = findAddresses(desk, entry);
  const silent = auth === null && entry?.auth === undefined && !desk.overridden('auth');
  if (silent && desk.fileIsSound && chosen.mistake === undefined) desk.mistakes.push(noAuth(parsed, chosen.target));
  if (auth !== null) desk.settle('auth', auth);
  if (api !== null) desk.settle('api', api);
  const database = desk.secret('database', judgeDatabase, entry?.database);
  if (database !== null) desk.settle('database', database);
  const secret = desk.secret('secret', () => null, entry?.secret);
  if (secret !== null) desk.settle('secret', secret);
  const route = desk.text('token.route', path.judge, entry?.token?.route);
  desk.settle('token.route', route ?? { value: defaultRoute, origin: standard });
  const trust = desk.text('token.trust', judgeTrust, entry?.token?.trust);
  desk.settle('token.trust', trust ?? { value: trustOf(trust), origin: standard });
  const caFile = settleCaFile(desk, parsed, entry);
  const users = { a: settleUser(desk, 'a', entry), b: settleUser(desk, 'b', entry) };
  const admin = settleAdmin(desk, entry);
  const routes = settleRoutes(desk, entry, api);
  const socket = { value: routes.socket.value.url, origin: desk.originOf('routes.socket.url') };
  const production = settleProduction(desk, entry, { auth, api, socket }, { flags, env });
  if (desk.mistakes.length > 0 || auth === null) throw new ConfigError(desk.mistakes);
  const { origin, host } = new URL(auth.value);
  const target: Target = {
    name: chosen.target ?? host,
    auth: auth.value,
    origin,
    api: api?.value ?? null,
    database: database?.value ?? null,
    secret: secret?.value ?? null,
    tokenRoute: { value: route?.value ?? defaultRoute, declared: route !== null },
    trust: trustOf(trust),
    users,
    signUp: (['a', 'b'] as const).filter(
      (name) => users[name] === null && (flags.signUp === true || entry?.users?.[name]?.signUp === true),
    ),
    admin,
    caFile,
    routes,
    policy: settlePolicy(desk, entry?.policy),
    ...production,
  };
  return { target, settings: desk.settings };
}

/** Named in the file, it lies beside the file. */
function settleCaFile(desk: Desk, parsed: Parsed | null, entry: TargetConfig | null): string | null {
  const said = desk.text('caFile', () => null, entry?.caFile);
  if (said === null) return null;
  const value =
    said.origin.kind === 'file' && !isAbsolute(said.value) ? join(dirname(parsed?.name ?? ''), said.value) : said.value;
  return desk.settle('caFile', { value, origin: said.origin });
}

function noAuth(parsed: Parsed | null, target: string | null): Mistake {
  const origin = target === null ? standard : (parsed?.origin(['targets', target]) ?? standard);
  const hint = 'give --auth URL, set LOCKSTEP_AUTH, or write a target with "auth" into lockstep.json';
  return { origin, text: 'no auth server to look at', hint };
}

function judgeDatabase(text: string): string | null {
  return judgeDatabaseUrl(text) === 'no-url' ? 'must be a postgresql:// URL' : null;
}

function trustOf(said: Sourced<string> | null): Target['trust'] {
  return trusts.find((each) => each === said?.value) ?? 'auto';
}

function judgeTrust(text: string): string | null {
  return trusts.some((each) => each === text) ? null : `must be ${trusts.slice(0, -1).join(', ')} or ${trusts.at(-1)}`;
}
