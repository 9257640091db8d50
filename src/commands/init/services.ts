import { relative, resolve, sep } from 'node:path';
import type { Config } from '../../config/schema.js';
import { usage } from '../../core/errors.js';
import type { Detected } from '../../setup/detect.js';
import type { Service, Side } from '../../setup/service.js';
import { usual } from '../../setup/service.js';
import type { World } from '../../world.js';
import type { Asker } from './asker.js';
import type { Options } from './options.js';

export interface Ground {
  readonly root: string;
  readonly cwd: string;
  readonly detected: Readonly<Record<Side, Detected | null>>;
  readonly config: Config | null;
}

/** Each half by flags, else lockstep.json, else what the checkout looks like, else by asking where it lives. */
export async function settleServices(
  options: Options,
  ground: Ground,
  world: Pick<World, 'files'>,
  asker: Asker,
): Promise<Readonly<Record<Side, Service>>> {
  const frontend = await settleService('frontend', options, ground, asker);
  const backend = await settleService('backend', options, ground, asker);
  asker.settled();
  const absent: string[] = [];
  for (const { dir } of [frontend, backend])
    if (!(await world.files.exists(resolve(ground.root, dir)))) absent.push(dir);
  if (absent.length > 0) throw usage(absent.map((dir) => `${dir}: there is no such folder`).join('\n'));
  if (
    frontend.dir === backend.dir &&
    frontend.env === backend.env &&
    frontend.names.database === backend.names.database
  ) {
    if (backend.driver === 'asyncpg')
      throw usage(
        'one env file cannot hold DATABASE_URL in two dialects',
        'pass --backend-env or --backend-database-name',
      );
  }
  return { frontend, backend };
}

async function settleService(side: Side, options: Options, ground: Ground, asker: Asker): Promise<Service> {
  const flags = {
    frontend: {
      dir: options.frontendDir,
      loader: options.frontendLoader,
      env: options.frontendEnv,
      secret: options.frontendSecretName,
      database: options.frontendDatabaseName,
      driver: undefined,
    },
    backend: {
      dir: options.backendDir,
      loader: options.backendLoader,
      env: options.backendEnv,
      secret: options.backendSecretName,
      database: options.backendDatabaseName,
      driver: options.backendDriver,
    },
  }[side];
  const { root, cwd } = ground;
  const file = ground.config?.services?.[side];
  const found = ground.detected[side];
  const fault = (text: string) => (text.trim() === '' ? 'a folder, from here' : null);
  const typed = (dir: string) => relative(root, resolve(cwd, dir)).split(sep).join('/') || '.';
  const dir =
    (flags.dir === undefined ? undefined : typed(flags.dir)) ??
    (file === undefined ? undefined : relative(root, resolve(root, file.dir)).split(sep).join('/') || '.') ??
    found?.dir ??
    typed(await asker.needed(`folder of the ${side}`, `--${side}-dir`, side, fault));
  const loader = flags.loader ?? file?.loader ?? (found?.dir === dir ? found.loader : undefined) ?? plainLoader[side];
  return {
    side,
    dir,
    loader,
    env: flags.env ?? file?.env ?? usual.env(loader),
    names: {
      secret: named(flags.secret, `--${side}-secret-name`) ?? file?.names?.secret ?? usual.names.secret,
      database: named(flags.database, `--${side}-database-name`) ?? file?.names?.database ?? usual.names.database,
    },
    driver: flags.driver ?? file?.driver ?? (found?.dir === dir ? found.driver : undefined) ?? 'pg',
  };
}

/** Of a folder that tells nothing: what the quickstart of this stack uses. */
const plainLoader = { frontend: 'next', backend: 'python-dotenv' } as const;

function named(name: string | undefined, flag: string): string | undefined {
  if (name === undefined || /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw usage(`${flag} must be the name of an environment variable`);
}
