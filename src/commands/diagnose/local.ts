import { basename, dirname, join, relative, resolve } from 'node:path';
import { usage } from '../../core/errors.js';
import type { Look } from '../../core/evidence/evidence.js';
import type { FilesSeen, ProcessSeen } from '../../core/evidence/files.js';
import type { Side } from '../../core/evidence/side.js';
import type { Redactor } from '../../core/redact.js';
import { Secret } from '../../core/secret.js';
import type { Target } from '../../core/target.js';
import { filesSeen } from '../../env-file/evidence/files.js';
import { holdersOf } from '../../env-file/evidence/holders.js';
import type { Held } from '../../env-file/evidence/lattice.js';
import type { Places } from '../../env-file/evidence/places.js';
import { secretNames } from '../../env-file/evidence/secret-names.js';
import { checkHalves } from '../../env-file/halves/check.js';
import type { Half, SeenFile, Service } from '../../env-file/halves/service.js';
import { held, openHalves } from '../../env-file/halves/service.js';
import type { LocalProcess } from '../../io/evidence/process.js';
import { listenerOn, localProcess } from '../../io/evidence/process.js';
import type { World } from '../../world.js';
import { dialects, lookAt, lookAtFile, usual } from '../env/look.js';
import type { Known } from '../env/services.js';
import { findServices } from '../env/services.js';
import type { Options } from './options.js';

/** What can be seen on this machine. */
export interface Local {
  readonly values: readonly Held[];
  readonly files: FilesSeen | null;
  readonly processes: { readonly [S in Side]?: ProcessSeen };
  readonly looks: readonly Look[];
  /** absolute folders of the sides that are known */
  readonly folders: { readonly [S in Side]?: string };
  /** the database URL that the frontend reads, else the backend */
  readonly database: Secret | null;
}

const sides = ['frontend', 'backend'] as const;
const mostBeside = 60;

/** Files of both sides and beside them, this shell, and the processes that listen here. */
export async function lookHere(
  options: Options,
  target: Target | null,
  key: Uint8Array,
  world: World,
  redactor: Redactor,
): Promise<Local> {
  const { known, wrong } = await findServices(options, world);
  if (wrong.length > 0) throw usage(wrong.join('\n'), 'lockstep diagnose --frontend DIR --backend DIR');
  const looked = await Promise.all(known.map((one) => lookAtSide(one, options.mode, world)));
  const services: { [S in Side]?: Service } = Object.fromEntries(looked.map(({ service }) => [service.side, service]));
  const halves = openHalves(services as Readonly<Record<string, Service>>, world.env) as { [S in Side]?: Half };
  const processes = findProcesses(options, target);
  const places: Places = {
    halves,
    siblings: Object.fromEntries(looked.map(({ service, siblings }) => [service.side, siblings])),
    also: (await Promise.all((options.also ?? []).map((path) => lookAlso(path, world)))).flat(),
    shell: world.env,
    processes: Object.fromEntries(sides.flatMap((side) => (processes[side] ? [[side, processes[side]]] : []))),
  };
  const learn = (secret: Secret) => redactor.learn(secret.reveal());
  const { values, untold, long } = holdersOf(places, key, learn);
  const { frontend, backend } = halves;
  const siblings = looked.flatMap((one) => one.siblings);
  const results =
    frontend === undefined || backend === undefined
      ? []
      : checkHalves({ frontend, backend }, { key: () => key, siblings, learn });
  const findings = results.flatMap((result) => result.findings);
  return {
    values,
    files: looked.length === 0 ? null : filesSeen(halves, values, findings),
    processes: Object.fromEntries(
      sides.flatMap((side) => {
        const process = processes[side];
        return process === null || process === undefined ? [] : [[side, processSeen(process, halves[side], world.cwd)]];
      }),
    ),
    looks: [
      ...looked.map(({ service }) => lookOf(service)),
      ...leftOut(looked, untold, long),
      ...processLooks(options, processes),
    ],
    folders: Object.fromEntries(known.map(({ side, dir }) => [side, dir])),
    database: databaseOf(halves),
  };
}

async function lookAtSide(known: Known, mode: string, world: World) {
  const found = await world.workspace.names(known.dir);
  const own = found.filter((name) => /^\.env($|[.~_-])/.test(name)).slice(0, mostBeside);
  // a loader that starts elsewhere reads the folder above
  const above = usual.map((name) => join('..', name));
  return lookAt(known, mode, dialects, world, [...own, ...above]);
}

/** A file, or the usual env files of a folder. */
async function lookAlso(path: string, world: World): Promise<SeenFile[]> {
  const whole = resolve(world.cwd, path);
  const one = await lookAtFile(whole, world);
  if (one.found.kind === 'file') return [one];
  if (one.found.kind !== 'folder') throw usage(`--also ${path}: there is no such file or folder`);
  const names = (await world.workspace.names(whole))
    .filter((name) => /^\.env($|[.~_-])/.test(name))
    .slice(0, mostBeside);
  if (names.length === 0) throw usage(`--also ${path}: there is no env file in it`);
  return Promise.all(names.map((name) => lookAtFile(join(whole, name), world)));
}

function lookOf({ side, files }: Service): Look {
  const part = `files of the ${side}` as const;
  const there = files.filter(({ found }) => found.kind !== 'absent');
  if (there.length === 0) {
    const names = files.map(({ path }) => basename(path)).join(', ');
    return { part, failed: `there is none of ${names} in ${dirname(files[0]?.path ?? '.')}` };
  }
  return { part, failed: null };
}

/** What was there and not looked at, in whole or in part. */
function leftOut(
  looked: readonly { service: Service; siblings: readonly SeenFile[] }[],
  untold: number,
  long: readonly Side[],
): Look[] {
  return looked.flatMap(({ service: { side }, siblings }, i): Look[] => {
    const part = `files of the ${side}` as const;
    const large = siblings.filter(({ found }) => found.kind === 'too-large').map(({ path }) => path);
    const values = `${untold} of the values that may be the secret are left out: there are too many`;
    const byTheWay = [
      ...(large.length === 0 ? [] : [`too large, beside them: ${listed(large)}`]),
      ...(long.includes(side) ? ['they are too long to be read as other loaders would read them'] : []),
    ];
    return [
      ...byTheWay.map((failed) => ({ part, failed, byTheWay: true as const })),
      ...(i === 0 && untold > 0 ? [{ part, failed: values }] : []),
    ];
  });
}

function listed(paths: readonly string[]): string {
  const named = paths.slice(0, 3).join(', ');
  return paths.length > 3 ? `${named} and ${paths.length - 3} more` : named;
}

type Processes = { readonly [S in Side]?: LocalProcess | null };

function findProcesses({ pidFrontend, pidBackend, offline }: Options, target: Target | null): Processes {
  const numbers = {
    frontend: numbered('--pid-frontend', pidFrontend) ?? (offline === true ? null : byAddress(target?.auth)),
    backend: numbered('--pid-backend', pidBackend) ?? (offline === true ? null : byAddress(target?.api ?? undefined)),
  };
  return Object.fromEntries(
    sides.flatMap((side) => {
      const pid = numbers[side];
      return pid === null ? [] : [[side, localProcess(pid)]];
    }),
  );
}

function numbered(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw usage(`${flag} ${text}: it is the number of a process`);
  return Number(text);
}

function byAddress(url: string | undefined): number | null {
  if (url === undefined) return null;
  const { hostname, port, protocol } = new URL(url);
  if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return null;
  return listenerOn(Number(port) || (protocol === 'https:' ? 443 : 80));
}

function processLooks(options: Options, processes: Processes): Look[] {
  return sides.flatMap((side): Look[] => {
    const named = side === 'frontend' ? options.pidFrontend : options.pidBackend;
    const part = `process of the ${side}` as const;
    const found = processes[side];
    if (found === undefined) return [];
    const failed = found === null ? 'it is not there, or belongs to somebody else' : null;
    return [{ part, failed, ...(named === undefined ? { byTheWay: true } : {}) }];
  });
}

function processSeen({ pid, started, env, cwd }: LocalProcess, half: Half | undefined, here: string): ProcessSeen {
  const telling = Object.keys(env).filter((name) => /^(NODE_ENV|TEST|DATABASE_URL|BETTER_AUTH_\w+)$/.test(name));
  const names = [...new Set([...secretNames(Object.keys(env), half), ...telling])];
  return {
    pid,
    started: started?.toISOString() ?? null,
    names: names.sort(),
    cwd: cwd === null ? null : relative(here, cwd) || '.',
  };
}

function databaseOf(halves: { readonly [S in Side]?: Half }): Secret | null {
  for (const half of [halves.frontend, halves.backend]) {
    const one = half === undefined ? null : held(half, half.service.names.database ?? 'DATABASE_URL');
    const text = one?.value?.reveal();
    // the backend's driver may stand in its URL
    if (text !== undefined && /^postgres(ql)?(\+\w+)?:\/\//.test(text))
      return new Secret(text.replace(/^\w+(\+\w+)?:/, 'postgresql:'));
  }
  return null;
}
