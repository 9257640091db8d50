import { LockstepError, refused, usage } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Secret } from '../core/secret.js';
import { decode, linesIn, mostLines } from '../env-file/decode.js';
import type { Group } from '../env-file/edit.js';
import { edit, Uneditable } from '../env-file/edit.js';
import type { Dialects, Loader } from '../env-file/loader.js';
import { loaderFor, newest } from '../env-file/loader.js';
import type { Setting, TextFile } from '../env-file/setting.js';
import { releases, spell } from '../env-file/spell.js';
import type { Service } from './service.js';
import { within } from './service.js';

/** The bytes of files by their path from the folder of lockstep.json; null for one that is not there. */
export type Bytes = ReadonlyMap<string, Uint8Array | null>;

/** The env files that a service reads, in the order in which its loader wants them. */
export function filesOf(service: Service): string[] {
  return loaderFor(service.loader)
    .files([service.env], 'development')
    .map((file) => within(service.dir, file));
}

/** One side of the pair: its service, and what its loader makes of its files. */
export class Half {
  readonly service: Service;
  readonly #loader: Loader;
  readonly #settings: ReadonlyMap<string, Setting>;

  constructor(service: Service, bytes: Bytes, dialects: Dialects = newest) {
    this.service = service;
    this.#loader = loaderFor(service.loader, dialects);
    const files = filesOf(service).flatMap((path) => textFile(path, bytes.get(path) ?? null));
    this.#settings = this.#loader.load(files, {}).settings;
  }

  /** The path of the env file that is written. */
  get path(): string {
    return within(this.service.dir, this.service.env);
  }

  get examplePath(): string {
    return within(this.service.dir, '.env.example');
  }

  /** What the service sees of its files under a name; null when nothing, or nothing but emptiness. */
  value(name: string): Secret | null {
    const value = this.#setting(name)?.value ?? null;
    return value === null || value.length === 0 ? null : value;
  }

  /** Something stands there that only running it would decide. */
  undecided(name: string): boolean {
    return (this.#setting(name)?.undecided ?? null) !== null;
  }

  /** `NAME=value` as this side's loader reads it back. */
  spelled(name: string, value: Secret): string {
    const spelled = spell(value.reveal(), this.service.loader);
    if (spelled !== null) return spelled;
    throw usage(`${name}: the value has characters that ${this.#loader.title} cannot read back from an env file`);
  }

  /** With these bytes the loader, in whichever release, must see each of these values. */
  verify(bytes: Bytes, expected: ReadonlyMap<string, Secret>): void {
    for (const dialects of releases) {
      const after = new Half(this.service, bytes, dialects);
      for (const [name, value] of expected) {
        if (after.value(name)?.equals(value) === true) continue;
        const winner = after.#setting(name)?.at?.file.path;
        if (winner !== undefined && winner !== this.path) throw shadowed(name, winner, this.path);
        throw unread(name, this.path, this.#loader.title);
      }
    }
  }

  #setting(name: string): Setting | undefined {
    return this.#settings.get(this.service.loader === 'pydantic-settings' ? name.toLowerCase() : name);
  }
}

/** An env file with new values; what cannot be edited is told with its place. */
export function edited(path: string, bytes: Uint8Array | null, groups: readonly Group[]): Uint8Array {
  try {
    return edit(bytes ?? new Uint8Array(), groups);
  } catch (error) {
    if (!(error instanceof Uneditable)) throw error;
    throw usage(
      `${path}:${error.line}: ${error.message}: what follows cannot be told from the value`,
      'close the quote',
    );
  }
}

function textFile(path: string, bytes: Uint8Array | null): TextFile[] {
  if (bytes === null) return [];
  if (linesIn(bytes) > mostLines) {
    throw new LockstepError('unfit-file', `${path} has more than ${mostLines} lines, which no env file has`, {
      exit: Exit.usage,
      hint: 'see whether it is the right file',
    });
  }
  const { text, encoding, invalidAt } = decode(bytes);
  if (encoding === 'utf-8' || encoding === 'utf-8-bom') return [{ path, text, invalidAt }];
  const what = encoding === 'binary' ? 'is not a text file' : `is ${encoding.toUpperCase()}, which no loader reads`;
  throw new LockstepError('unfit-file', `${path} ${what}`, { exit: Exit.usage, hint: 'save it as UTF-8' });
}

function shadowed(name: string, winner: string, path: string): LockstepError {
  return refused(
    'shadowed',
    `${winner} sets ${name} as well and wins over ${path}; nothing is written`,
    `take ${name} out of ${winner}, or name that file with --frontend-env or --backend-env`,
  );
}

function unread(name: string, path: string, title: string): LockstepError {
  return refused(
    'unread',
    `${title} would not see ${name} in ${path} as it is written there; nothing is written`,
    'lockstep env check',
  );
}
