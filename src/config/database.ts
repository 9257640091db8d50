import { usage } from '../core/errors.js';
import { Secret } from '../core/secret.js';
import type { World } from '../world.js';
import { isPrivateHost } from './host.js';
import type { Reach } from './load.js';
import { loadConfig } from './load.js';
import type { Flags } from './sources.js';
import { given } from './sources.js';
import { resolveTarget } from './target.js';

/** A database that somebody named. */
export interface DatabaseTarget {
  readonly url: Secret;
  /** where the URL was written: `DATABASE_URL` */
  readonly source: string;
  /** the target of lockstep.json; null where a variable alone names the database */
  readonly target: string | null;
  /** declared or, where nobody declares it, a host that is not on this machine or a private network */
  readonly production: boolean;
}

export interface DatabaseFlags extends Pick<Flags, 'target' | 'config' | 'production'> {
  readonly databaseUrlEnv?: string | undefined;
}

/** By `--database-url-env`, else LOCKSTEP_DATABASE, else the target of lockstep.json, else DATABASE_URL. */
export async function resolveDatabase(
  flags: DatabaseFlags,
  world: Reach & Pick<World, 'env'>,
): Promise<DatabaseTarget> {
  const { env } = world;
  const held = (name: string) => {
    const text = env[name];
    return text === undefined || text === '' ? null : text;
  };
  const byVariable = (name: string, text: string): DatabaseTarget => {
    const url = new Secret(text);
    const production = flags.production ?? (/^(true|1)$/.test(env.LOCKSTEP_PRODUCTION ?? '') || isOpen(url));
    return { url, source: name, target: null, production };
  };
  const named = flags.databaseUrlEnv;
  if (named !== undefined) {
    const text = held(named);
    if (text === null)
      throw usage(`--database-url-env ${named}: that variable is not set`, `export ${named}=postgresql://…`);
    return byVariable(named, text);
  }
  const config = given('config', flags, env)?.value;
  const wanted = given('target', flags, env) !== null;
  if (wanted || (await namesTargets(world, config))) {
    const target = await resolveTarget(flags, world);
    if (target.database !== null) {
      const production = target.production || (flags.production === undefined && isOpen(target.database));
      return { url: target.database, source: `"database" of ${target.name}`, target: target.name, production };
    }
    if (wanted)
      throw usage(
        `the target ${target.name} has no "database"`,
        'write "database": "env:DATABASE_URL" into lockstep.json',
      );
  }
  for (const name of ['LOCKSTEP_DATABASE', 'DATABASE_URL']) {
    const text = held(name);
    if (text !== null) return byVariable(name, text);
  }
  throw usage(
    'no database is named',
    'set DATABASE_URL, name another variable with --database-url-env, or write "database" into lockstep.json',
  );
}

/** A file that names none, or is not there, leaves it to the environment; the mistakes of another one are told. */
async function namesTargets(world: Reach, config: string | undefined): Promise<boolean> {
  const parsed = await loadConfig(world, config);
  return parsed !== null && (parsed.targets.length > 0 || parsed.mistakes.length > 0);
}

/** By the host in it, also where the URL is one that nobody can connect to. A folder of a unix socket is this machine. */
function isOpen(url: Secret): boolean {
  const [, authority = '', query = ''] = /^\w+(?:\+\w+)?:\/\/([^/?]*)[^?]*\??(.*)$/s.exec(url.reveal()) ?? [];
  const [, socket] = /(?:^|&)host=([^&]*)/.exec(query) ?? [];
  const host = socket ?? authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  return host !== '' && !/^(\/|%2f)/i.test(host) && !isPrivateHost(host);
}
