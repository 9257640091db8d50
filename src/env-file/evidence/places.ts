import type { HolderKind } from '../../core/evidence/holder.js';
import type { Side } from '../../core/evidence/side.js';
import { Secret } from '../../core/secret.js';
import { positionOf } from '../halves/position.js';
import type { Half, Held as HeldName, SeenFile, Service } from '../halves/service.js';
import { held, openHalves, textsOf } from '../halves/service.js';
import { sharedSecret, usualSecret } from '../halves/shared-secret.js';
import { loaderFor, loaderNames } from '../loader.js';
import type { Environment, Place } from '../setting.js';
import { betterAuthNames, entries, secretNames } from './secret-names.js';

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

export const sides = ['frontend', 'backend'] as const;

type Where = { path?: string | null; line?: number | null; loader?: string | null; id?: string };
/** Takes a value and where it stands. */
export type Add = (kind: HolderKind, side: Side | null, name: string, value: Secret, where?: Where) => void;

/** What the side's own loader makes of its own files. */
export function current({ halves }: Places, side: Side, add: Add): void {
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
export function running({ processes, halves }: Places, side: Side, add: Add): void {
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
export function besides({ halves }: Places, side: Side, add: Add): void {
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

export function exported({ shell, halves }: Places, add: Add): void {
  const names = new Set(sides.flatMap((side) => secretNames(Object.keys(shell), halves[side])));
  for (const name of names) {
    for (const [part, text] of entries(name, shell[name] ?? ''))
      add('shell', null, part, new Secret(text), { id: `${part} of this shell` });
  }
}

export function nearby(places: Places, side: Side, add: Add): void {
  for (const file of places.siblings[side] ?? []) ofFile(kindOf(file.path), side, file, places, add);
}

function kindOf(path: string): HolderKind {
  if (/\.(example|sample|template|dist)$/.test(path)) return 'example';
  return /\.(bak|old|orig|backup|save)\b|~$/.test(path) ? 'backup' : 'sibling';
}

/** The secrets of a file that no loader reads here, as the loader of the side would. */
export function ofFile(kind: HolderKind, side: Side | null, file: SeenFile, { halves }: Places, add: Add): void {
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
export function otherwise({ halves }: Places, side: Side, add: Add): void {
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

function placed({ setting }: HeldName): { path: string | null; line: number | null } {
  return setting?.at == null ? { path: null, line: null } : placeOf(setting.at);
}

function placeOf({ file, assignment }: Place): { path: string; line: number } {
  return { path: file.path, line: positionOf(file, assignment.nameAt.start).line };
}
