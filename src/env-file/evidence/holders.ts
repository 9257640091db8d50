import type { Holder, HolderKind } from '../../core/evidence/holder.js';
import type { Side } from '../../core/evidence/side.js';
import { Secret } from '../../core/secret.js';
import { linesIn } from '../decode.js';
import { fingerprints } from '../halves/fingerprint.js';
import { positionOf } from '../halves/position.js';
import type { Half, Held as HeldName, SeenFile, Service } from '../halves/service.js';
import { held, openHalves, textsOf } from '../halves/service.js';
import { sharedSecret, usualSecret } from '../halves/shared-secret.js';
import { loaderFor, loaderNames } from '../loader.js';
import type { Environment, Place } from '../setting.js';
import { publicDefault } from '../variants.js';
import type { Held } from './lattice.js';

/** Where the values are looked for. */
export interface Places {
  readonly halves: { readonly [S in Side]?: Half };
  /** beside the files that the loaders read, by the side whose folder it is */
  readonly siblings: { readonly [S in Side]?: readonly SeenFile[] };
  /** other environments, named by the user */
  readonly also: readonly SeenFile[];
  readonly shell: Environment;
  /** with what the running processes were started */
  readonly processes: { readonly [S in Side]?: { readonly pid: number; readonly env: Environment } };
}

const betterAuthNames = ['BETTER_AUTH_SECRETS', usualSecret, 'AUTH_SECRET'];
const sides = ['frontend', 'backend'] as const;

/** Lines of the files of one side. Longer ones are read by their own loader alone: eleven others read as much each. */
const mostElsewhere = 2_000;
/** More than any checkout has: of each sixty variants are made, and as many spellings are kept from being printed. */
const most = 500;

export interface Holders {
  readonly values: readonly Held[];
  /** those beyond the most that are looked at */
  readonly untold: number;
  /** whose files are too long to be read as other loaders would read them */
  readonly long: readonly Side[];
}

/**
 * Everything that holds what the secret may be, the likely ones first. `key`: 32 random bytes of this run; `learn` hears of
 * each value that is not public before anything is made of it.
 */
export function holdersOf(places: Places, key: Uint8Array, learn: (value: Secret) => void): Holders {
  const fingerprint = fingerprints(() => key, 8);
  const found: Held[] = [];
  const taken = new Set<string>();
  let untold = 0;
  const add: Add = (kind, side, name, value, where = {}) => {
    if (found.length >= most && kind !== 'default') {
      untold += 1;
      return;
    }
    const { path = null, line = null, loader = null, id } = where;
    if (kind !== 'default') learn(value);
    let own = id ?? `${name} of ${path}`;
    for (let i = 2; taken.has(own); i++) own = `${id ?? `${name} of ${path}`} (${i === 2 && side ? side : i})`;
    taken.add(own);
    const empty = value.length === 0;
    const holder: Holder = { id: own, kind, side, name, path, line, loader, fingerprint: fingerprint(value), empty };
    found.push({ holder, value });
  };
  for (const side of sides) current(places, side, add);
  for (const side of sides) running(places, side, add);
  for (const side of sides) besides(places, side, add);
  exported(places, add);
  for (const side of sides) nearby(places, side, add);
  for (const file of places.also) ofFile('environment', null, file, places, add);
  const long = sides.filter((side) => linesOf(places.halves[side]) > mostElsewhere);
  for (const side of sides) if (!long.includes(side)) otherwise(places, side, add);
  add('default', null, usualSecret, new Secret(publicDefault), { id: "Better Auth's public default" });
  return { values: found, untold, long };
}

function linesOf(half: Half | undefined): number {
  const files = half?.service.files ?? [];
  return files.reduce((sum, { found }) => sum + (found.kind === 'file' ? linesIn(found.bytes) : 0), 0);
}

type Where = { path?: string | null; line?: number | null; loader?: string | null; id?: string };
type Add = (kind: HolderKind, side: Side | null, name: string, value: Secret, where?: Where) => void;

/** What the side's own loader makes of its own files. */
function current({ halves }: Places, side: Side, add: Add): void {
  const half = halves[side];
  const secret = half === undefined ? null : sharedSecret(half);
  if (half === undefined || secret?.value == null) return;
  const where = placed(secret);
  const list = secret.name === 'BETTER_AUTH_SECRETS' ? held(half, secret.name)?.value?.reveal() : undefined;
  const [version] = entries(secret.name, list ?? '')[0] ?? [secret.name];
  const id = `${version} of ${where.path ?? 'this shell'}`;
  add('current', side, secret.name, secret.value, { ...where, loader: half.service.loader.title, id });
}

/** Names of secrets in the environment with which a process was started. */
function running({ processes, halves }: Places, side: Side, add: Add): void {
  const started = processes[side];
  if (started === undefined) return;
  for (const name of secretNames(Object.keys(started.env), halves[side])) {
    const value = started.env[name];
    if (value === undefined) continue;
    for (const [part, text] of entries(name, value))
      add('process', side, part, new Secret(text), { id: `${part} of process ${started.pid}` });
  }
}

/** The other names, and the assignments that lost, in the same files. */
function besides({ halves }: Places, side: Side, add: Add): void {
  const half = halves[side];
  if (half === undefined) return;
  const decides = sharedSecret(half);
  for (const name of secretNames([...half.filed.settings.keys()], half)) {
    const one = held(half, name);
    if (one?.value == null || one.setting === null) continue;
    const own = half.service.loader.spelled(name) === half.service.loader.spelled(decides?.name ?? '');
    const where = placed(one);
    for (const [i, [part, text]] of entries(name, one.value.reveal()).entries()) {
      if (own && i === 0) continue;
      const kind = name === 'BETTER_AUTH_SECRETS' ? 'version' : 'other-name';
      add(kind, side, part, new Secret(text), { ...where, id: `${part} of ${where.path}` });
    }
    for (const lost of one.setting.hidden) {
      const { value } = lost.assignment;
      if (value === null || value === one.value.reveal()) continue;
      const at = placeOf(lost);
      add('beaten', side, name, new Secret(value), { ...at, id: `${name} of ${at.path}:${at.line}` });
    }
  }
}

function exported({ shell, halves }: Places, add: Add): void {
  const names = new Set(sides.flatMap((side) => secretNames(Object.keys(shell), halves[side])));
  for (const name of names) {
    for (const [part, text] of entries(name, shell[name] ?? ''))
      add('shell', null, part, new Secret(text), { id: `${part} of this shell` });
  }
}

function nearby(places: Places, side: Side, add: Add): void {
  for (const file of places.siblings[side] ?? []) ofFile(kindOf(file.path), side, file, places, add);
}

function kindOf(path: string): HolderKind {
  if (/\.(example|sample|template|dist)$/.test(path)) return 'example';
  return /\.(bak|old|orig|backup|save)\b|~$/.test(path) ? 'backup' : 'sibling';
}

/** The secrets of a file that no loader reads here, as the loader of the side would. */
function ofFile(kind: HolderKind, side: Side | null, file: SeenFile, { halves }: Places, add: Add): void {
  const half = halves[side ?? 'frontend'] ?? halves.backend;
  const loader = half?.service.loader ?? loaderFor('dotenv');
  const service: Service = { ...(half?.service ?? bare), loader, files: [file] };
  const { alone } = openHalves({ alone: service }, {}, (spelled) => secretNames([spelled], half).length > 0);
  for (const name of secretNames([...alone.filed.settings.keys()], half)) {
    const one = held(alone, name);
    if (one?.value == null) continue;
    for (const [part, text] of entries(name, one.value.reveal())) {
      if (text !== '') add(kind, side, part, new Secret(text), { ...placed(one), loader: loader.title });
    }
  }
}

const bare: Service = {
  side: 'frontend',
  loader: loaderFor('dotenv'),
  otherRelease: loaderFor('dotenv'),
  files: [],
  names: { secret: null, database: null },
};

/** The same files by the other loaders, where that comes to another value. */
function otherwise({ halves }: Places, side: Side, add: Add): void {
  const half = halves[side];
  const decides = half === undefined ? null : sharedSecret(half);
  if (half === undefined) return;
  const { service } = half;
  const texts = textsOf(service);
  const known = new Set([decides?.value?.reveal()]);
  const asked = [...betterAuthNames, service.names.secret ?? usualSecret].map((each) => each.toLowerCase());
  const wanted = (spelled: string) => asked.includes(spelled.toLowerCase());
  for (const name of loaderNames) {
    if (name === service.loader.name) continue;
    const loader = loaderFor(name);
    const [alone] = Object.values(openHalves({ alone: { ...service, loader } }, {}, wanted));
    const secret = alone === undefined || texts.length === 0 ? null : sharedSecret(alone);
    const text = secret?.value?.reveal();
    if (secret?.value == null || text === undefined || text === '' || known.has(text)) continue;
    known.add(text);
    const where = placed(secret);
    const id = `${secret.name} of ${where.path} as ${loader.title} reads it`;
    add('other-loader', side, secret.name, secret.value, { ...where, loader: loader.title, id });
  }
}

/** A list of versions is as many secrets as it has entries, by their names. */
function entries(name: string, value: string): [name: string, text: string][] {
  if (name.toUpperCase() !== 'BETTER_AUTH_SECRETS') return [[name, value]];
  return value.split(',', most + 1).flatMap((entry): [string, string][] => {
    const [, version, text] = /^\s*(\d+)\s*:(.*)$/s.exec(entry) ?? [];
    return version === undefined || text === undefined ? [] : [[`version ${version} of ${name}`, text.trim()]];
  });
}

/** Those of the names that may be a secret of this pair. */
export function secretNames(names: readonly string[], half: Half | undefined): string[] {
  const own = half?.service.names.secret ?? null;
  return names.filter((name) => {
    const upper = name.toUpperCase();
    // what stands left of a = may be the rest of a secret
    if (!/^[A-Z_][A-Z0-9_]{0,63}$/.test(upper)) return false;
    if (name === own || betterAuthNames.includes(upper)) return true;
    return /SECRET|(JWT|AUTH|SIGNING|SESSION)_?KEY/.test(upper) && !/URL|PATH|FILE|CLIENT|_ID$/.test(upper);
  });
}

function placed({ setting }: HeldName): { path: string | null; line: number | null } {
  return setting?.at == null ? { path: null, line: null } : placeOf(setting.at);
}

function placeOf({ file, assignment }: Place): { path: string; line: number } {
  return { path: file.path, line: positionOf(file, assignment.nameAt.start).line };
}
