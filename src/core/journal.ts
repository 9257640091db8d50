import { plain, Secret } from './secret.js';
import type { Resource } from './target.js';

/** Where a run makes things: enough to find the way back without any configuration. */
export interface Place {
  /** what the target was called */
  readonly name: string;
  readonly auth: string;
  readonly api: string | null;
  readonly tokenRoute: string;
}

/** A user that a run signs up for itself. The password is random, and worth nothing once the user is gone. */
export interface MadeUser {
  readonly kind: 'user';
  readonly email: string;
  readonly password: Secret;
  /** ids of the keys that its auth server publishes: by these it is known again; none where it publishes none */
  readonly keys: readonly string[];
}

/** Something that a run creates over the API. */
export interface MadeObject {
  readonly kind: 'object';
  readonly resource: Pick<Resource, 'name' | 'collection' | 'item' | 'id'>;
  /** the text in it that occurs nowhere else */
  readonly canary: string;
  /** what its owner is called: subject of the token, e-mail where the token has it; then whose else it may be */
  readonly owners: readonly (readonly string[])[];
}

export type Made = MadeUser | MadeObject;

/** One thing on record. */
export interface Entry {
  readonly n: number;
  /** milliseconds since the epoch, before the deployment was asked to make it */
  readonly at: number;
  readonly made: Made;
  /** the deployment has answered: what it was asked for will not come into being later */
  readonly answered: boolean;
  /** path of an object under the API's base, where the answer named it */
  readonly path: string | null;
  /** why it was not removed when that was tried; null where it was not tried, or nobody answered */
  readonly remains: string | null;
}

/** The process that writes a journal, so that it is not replayed while it is at work. */
export interface Writer {
  readonly host: string;
  readonly pid: number;
  /** tells this process from another one of that number; null where the system does not say */
  readonly start: string | null;
}

export interface Head {
  readonly run: string;
  readonly place: Place;
  readonly writer: Writer;
  readonly at: number;
}

/** What a journal says is still open, in the order in which it was made. */
export interface Reading extends Head {
  readonly open: readonly Entry[];
}

/** One line of a journal: safe on the disk before what it announces is done. */
export type Line =
  | ({ readonly version: 1 } & Head)
  | { readonly n: number; readonly at: number; readonly made: Made }
  | { readonly n: number; readonly path: string | null }
  | { readonly n: number; readonly gone: true }
  | { readonly n: number; readonly remains: string };

/** The only place where the password of a throwaway user is spelled out: without it nobody could remove the user later. */
export function spelled(line: Line): string {
  if (!('made' in line) || line.made.kind !== 'user') return `${JSON.stringify(line)}\n`;
  return `${JSON.stringify({ ...line, made: { ...line.made, password: line.made.password.reveal() } })}\n`;
}

/**
 * Reads a journal; null for a text that is none, or one of another version. A line that cannot be read was cut while it
 * was written: what it announces was never done, and what it reports as gone is looked for again.
 */
export function readJournal(text: string): Reading | null {
  const [head, ...rest] = text.split('\n').map(parsed);
  if (!isHead(head)) return null;
  const open = new Map<number, Entry>();
  for (const line of rest) note(open, line);
  const { run, place, writer, at } = head;
  return { run, place, writer, at, open: [...open.values()] };
}

/** What is open after one more line. */
export function note(open: Map<number, Entry>, line: Loose | null): void {
  const { n, at, made, gone, remains } = line ?? {};
  if (typeof n !== 'number') return;
  const entry = open.get(n);
  if (isMade(made)) open.set(n, { n, at: Number(at), made: boxed(made), answered: false, path: null, remains: null });
  else if (entry === undefined) return;
  else if (gone === true) open.delete(n);
  else if (typeof remains === 'string') open.set(n, { ...entry, remains });
  else if (line !== null && 'path' in line) {
    const path = typeof line.path === 'string' ? line.path : null;
    open.set(n, { ...entry, answered: true, path });
  }
}

/** What something is, for a person. */
export function inWords(made: Made, place: Pick<Place, 'api'>): string {
  if (made.kind === 'user') return `user ${made.email}`;
  return `${made.resource.name} with ${made.canary} at ${place.api ?? ''}${made.resource.collection}`;
}

function boxed(made: Made): Made {
  return made.kind === 'user' ? { ...made, password: new Secret(plain(made.password)) } : made;
}

type Loose = Readonly<Record<string, unknown>>;

function parsed(line: string): Loose | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Loose) : null;
  } catch {
    return null;
  }
}

function isHead(line: unknown): line is Head {
  const { version, run, place, writer } = (line ?? {}) as Partial<Record<string, unknown>>;
  const { auth, tokenRoute } = (place ?? {}) as Partial<Record<string, unknown>>;
  return (
    version === 1 &&
    /^[0-9a-f]+$/.test(String(run)) &&
    typeof auth === 'string' &&
    typeof tokenRoute === 'string' &&
    typeof writer === 'object'
  );
}

function isMade(value: unknown): value is Made {
  const { kind, email, password, keys, canary, resource, owners } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (kind === 'user')
    return (
      typeof email === 'string' && (typeof password === 'string' || password instanceof Secret) && Array.isArray(keys)
    );
  return kind === 'object' && typeof canary === 'string' && typeof resource === 'object' && Array.isArray(owners);
}
