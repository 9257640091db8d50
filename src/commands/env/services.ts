import { dirname, relative, resolve } from 'node:path';
import { findConfig } from '../../config/load.js';
import type { Source } from '../../config/parse.js';
import { plainServices } from '../../config/plain-services.js';
import type { Config } from '../../config/schema.js';
import { usage } from '../../core/errors.js';
import type { Side } from '../../env-file/halves/service.js';
import type { LoaderName } from '../../env-file/loader.js';
import type { World } from '../../world.js';
import type { Options } from './options.js';

/** One half, as far as it is known before any of its files is opened. */
export interface Known {
  readonly side: Side;
  /** absolute */
  readonly dir: string;
  readonly loader: LoaderName;
  /** as declared; the loader may have files of its own */
  readonly env: readonly string[];
  readonly names: { readonly secret: string | null; readonly database: string | null };
}

/** Both halves where lockstep.json declares them, and null where it does not: nobody guesses. */
export async function declaredServices(
  config: string | undefined,
  world: World,
): Promise<readonly [Known, Known] | null> {
  const options = { mode: 'development', ...(config === undefined ? {} : { config }) };
  const { parts } = await configured(options, world);
  if (parts.frontend.dir === undefined || parts.backend.dir === undefined) return null;
  return settleServices(options, world);
}

type Part = {
  dir?: string | undefined;
  loader?: LoaderName | undefined;
  env?: readonly string[] | undefined;
  secret?: string | undefined;
  database?: string | undefined;
};
type Parts = Readonly<Record<Side, Part>>;

const sides = ['frontend', 'backend'] as const;
/** of a folder that tells nothing */
const plain = { frontend: 'next', backend: 'python-dotenv' } as const;

/** What says where the halves are. */
export type ServiceOptions = Omit<Options, 'mode' | 'fix' | 'json' | 'sarif'>;

/** Both halves by flags, else lockstep.json, else what the checkout looks like. What is missing is told at once. */
export async function settleServices(options: Options, world: World): Promise<readonly [Known, Known]> {
  const { known, lacking, wrong } = await findServices(options, world);
  const [frontend, backend] = known;
  if (frontend === undefined || backend === undefined || wrong.length > 0) {
    const mistakes = [
      ...lacking.map((side) => `no folder here looks like the one ${side}: pass --${side} DIR`),
      ...wrong,
    ];
    throw usage(mistakes.join('\n'), 'lockstep env check --frontend DIR --backend DIR');
  }
  return [frontend, backend];
}

interface Services {
  readonly known: readonly Known[];
  /** nothing says where these are */
  readonly lacking: readonly Side[];
  /** folders that are not there */
  readonly wrong: readonly string[];
}

/** Those halves that can be found. */
export async function findServices(options: ServiceOptions, world: World): Promise<Services> {
  const said = flagged(options);
  const { root, parts } = await configured(options, world);
  const open = sides.some((side) => (said[side].dir ?? parts[side].dir) === undefined);
  const seen =
    open || sides.some((side) => (said[side].loader ?? parts[side].loader) === undefined)
      ? await looked(root, world)
      : null;
  const wrong: string[] = [];
  const lacking: Side[] = [];
  const known: Known[] = [];
  for (const side of sides) {
    const typed = said[side].dir === undefined ? undefined : resolve(world.cwd, said[side].dir);
    const filed = parts[side].dir === undefined ? undefined : resolve(root, parts[side].dir);
    const found = seen?.[side] == null ? undefined : { dir: resolve(root, seen[side].dir), loader: seen[side].loader };
    const dir = typed ?? filed ?? found?.dir;
    if (dir === undefined) lacking.push(side);
    else if (!(await world.files.exists(dir)))
      wrong.push(`${relative(world.cwd, dir) || '.'}: there is no such folder`);
    else {
      const own = filed === dir ? parts[side] : {};
      const loader = said[side].loader ?? own.loader ?? (found?.dir === dir ? found.loader : undefined) ?? plain[side];
      const names = {
        secret: said[side].secret ?? own.secret ?? null,
        database: said[side].database ?? own.database ?? null,
      };
      known.push({ side, dir, loader, env: said[side].env ?? own.env ?? [], names });
    }
  }
  return { known, lacking, wrong };
}

function flagged(options: ServiceOptions): Parts {
  return {
    frontend: {
      dir: options.frontend,
      loader: options.frontendLoader as LoaderName | undefined,
      env: options.frontendEnv,
      secret: options.frontendSecretName,
      database: options.frontendDatabaseName,
    },
    backend: {
      dir: options.backend,
      loader: options.backendLoader as LoaderName | undefined,
      env: options.backendEnv,
      secret: options.backendSecretName,
      database: options.backendDatabaseName,
    },
  };
}

async function configured(options: ServiceOptions, world: World): Promise<{ root: string; parts: Parts }> {
  const source = await findConfig(world, options.config ?? (world.env.LOCKSTEP_CONFIG || undefined));
  if (source === null) return { root: world.cwd, parts: { frontend: {}, backend: {} } };
  const services = plainServices(source.text) ?? (await judged(source));
  const part = (side: Side): Part => {
    const service = services?.[side];
    if (service === undefined) return {};
    const { dir, loader, env, names } = service;
    return {
      dir,
      loader,
      env: env === undefined ? undefined : [env],
      secret: names?.secret,
      database: names?.database,
    };
  };
  return {
    root: dirname(resolve(world.cwd, source.name)),
    parts: { frontend: part('frontend'), backend: part('backend') },
  };
}

/** With the parser that knows the whole file, and tells all that is wrong with it. */
async function judged(source: Source): Promise<Config['services']> {
  const [{ parseConfig }, { ConfigError }] = await Promise.all([
    import('../../config/parse.js'),
    import('../../config/mistake.js'),
  ]);
  const { config, mistakes } = parseConfig(source);
  if (config === null) throw new ConfigError(mistakes);
  return config.services;
}

/** Loaded only where somebody must guess. */
async function looked(root: string, world: World) {
  const [{ survey }, { detect }] = await Promise.all([import('../init/survey.js'), import('../../setup/detect.js')]);
  return detect(await survey(world, root));
}
