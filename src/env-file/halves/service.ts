import type { Found, SeenFile } from '../../core/material.js';
import type { Secret } from '../../core/secret.js';
import { Secret as Box } from '../../core/secret.js';
import { decode } from '../decode.js';
import type { Loader } from '../loader.js';
import type { Environment, Loaded, Place, Setting, TextFile } from '../setting.js';

export type Side = 'frontend' | 'backend';

export type { Found, SeenFile };

/** One half, and everything that was seen of its files. */
export interface Service {
  readonly side: Side;
  readonly loader: Loader;
  /** the same loader as its other releases read */
  readonly otherRelease: Loader;
  readonly files: readonly SeenFile[];
  /** its own names for what both sides share; null: not said, so the usual ones */
  readonly names: { readonly secret: string | null; readonly database: string | null };
}

/** A half as it will see its environment. */
export interface Half {
  readonly service: Service;
  /** what the files come to, as if the shell set none of what they set */
  readonly filed: Loaded;
  /** with this shell's variables */
  readonly live: Loaded;
  /** as `filed`, by the other releases of the loader; read when it is asked for */
  readonly otherwise: Loaded;
  readonly shell: Environment;
}

/** Of a half what is read of it, by one of the ways. */
export type Read = Pick<Half, 'service' | 'filed' | 'shell'>;

/** A shared value of one half. */
export interface Held {
  /** the variable that decides */
  readonly name: string;
  /** null: the files do not decide it */
  readonly value: Secret | null;
  /** null: this shell has it, no file */
  readonly setting: Setting | null;
}

/** Reads both halves; `shell` is the environment of this process. `wanted`: of which variables anybody will ask. */
export function openHalves<T extends Readonly<Record<string, Service>>>(
  services: T,
  shell: Environment,
  wanted?: (spelled: string) => boolean,
): { readonly [Name in keyof T]: Half } {
  const opened = Object.entries(services).map(([name, service]) => {
    const texts = textsOf(service);
    const own = service.loader.inherits ? shell : {};
    return { name, service, texts, own, live: service.loader.load(texts, own, wanted) };
  });
  const set = setAsWell(
    shell,
    opened.map(({ live }) => live),
  );
  const halves = opened.map(({ name, service, texts, own, live }): [string, Half] => {
    // as if the shell set none of what the files of either half set
    const kept = Object.entries(own).filter(([variable]) => !set.has(variable.toLowerCase()));
    const apart = Object.fromEntries(kept);
    const filed = kept.length === Object.keys(own).length ? live : service.loader.load(texts, apart, wanted);
    let otherwise = service.loader.varies ? null : filed;
    const half = {
      service,
      filed,
      live,
      get otherwise() {
        otherwise ??= service.otherRelease.load(texts, apart, wanted);
        return otherwise;
      },
      shell: own,
    };
    return [name, half];
  });
  return Object.fromEntries(halves) as { readonly [Name in keyof T]: Half };
}

/** Names of the shell, in lower case, that files set, too. */
function setAsWell(shell: Environment, loaded: readonly Loaded[]): ReadonlySet<string> {
  const exported = new Set(Object.keys(shell).map((name) => name.toLowerCase()));
  const set = new Set<string>();
  if (exported.size === 0) return set;
  for (const { settings } of loaded) {
    for (const name of settings.keys()) {
      const lower = name.toLowerCase();
      if (exported.has(lower)) set.add(lower);
    }
  }
  return set;
}

/** Of files that were read already: each is read by every loader, and its text is as large as the file. */
const texts = new WeakMap<SeenFile, readonly TextFile[]>();

export function textsOf({ files }: Service): TextFile[] {
  return files.flatMap((file) => {
    const known = texts.get(file) ?? textOf(file);
    texts.set(file, known);
    return known;
  });
}

function textOf({ path, found }: SeenFile): TextFile[] {
  if (found.kind !== 'file') return [];
  const { text, invalidAt, encoding } = decode(found.bytes);
  return encoding === 'binary' ? [] : [{ path, text, invalidAt }];
}

/** What a half holds under a name; null where neither a file nor the shell sets it. */
export function held({ service, filed, shell }: Read, name: string): Held | null {
  const spelled = service.loader.spelled(name);
  const setting = filed.settings.get(spelled);
  if (setting !== undefined) return { name, value: setting.value, setting };
  const inherited = Object.entries(shell).find(([other]) => service.loader.spelled(other) === spelled)?.[1];
  return inherited === undefined ? null : { name, value: new Box(inherited), setting: null };
}

export function placeOf(held: Held): Place | null {
  return held.setting?.at ?? null;
}
