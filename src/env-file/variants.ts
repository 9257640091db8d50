import { createHash } from 'node:crypto';
import type { Secret } from '../core/secret.js';
import { Secret as Box } from '../core/secret.js';

/** A value as it comes out at the other end of a mistake. */
export interface Variant {
  /** what happened to it, in words that never change: `with a trailing newline`, `cut at #` */
  readonly name: VariantName | `the value of ${string}`;
  /** null where the result is bytes that are not text */
  readonly text: Secret | null;
  /** what a key made of it is: UTF-8 where it is text */
  readonly bytes: Uint8Array;
}

/** What stands beside a value and may have been taken for it: sibling files, backups, the shell. */
export interface VariantContext {
  readonly others: readonly { readonly name: string; readonly value: Secret }[];
}

/** Better Auth's default secret, printed in its source. */
export const publicDefault = 'better-auth-secret-12345678901234567890';

/** Text, bytes, or null where the change does not apply. */
type Change = (value: string) => string | Uint8Array | null;

const hex = /^(?:[0-9a-f]{2})+$/i;
const base64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const reference = /\$(?:\{[^}]*\}|[A-Za-z_]\w*)/g;

/**
 * Each mistake that a secret is known to suffer on its way through files, shells, containers and code. A name is an
 * interface: reports and tests look for it.
 */
const changes = {
  'trimmed of white space': (v) => v.trim(),
  'with a trailing newline': (v) => `${v}\n`,
  'with a trailing carriage return': (v) => `${v}\r`,
  'with a trailing carriage return and newline': (v) => `${v}\r\n`,
  'with a trailing space': (v) => `${v} `,
  'with a leading space': (v) => ` ${v}`,
  'in double quotes': (v) => `"${v}"`,
  'in single quotes': (v) => `'${v}'`,
  'in backticks': (v) => `\`${v}\``,
  'without its quotes': (v) => /^(["'`])([\s\S]*)\1$/.exec(v)?.[2] ?? null,
  'cut at #': (v) => cut(v, '#'),
  'cut at white space before #': (v) => {
    const hash = v.search(/\s#/);
    return hash === -1 ? null : v.slice(0, hash).trimEnd();
  },
  'cut at $': (v) => cut(v, '$'),
  'its first line': (v) => v.split(/\r?\n/, 1)[0] ?? null,
  'cut at white space': (v) => /^(\S*)\s/.exec(v)?.[1] ?? null,
  'cut at a comma': (v) => cut(v, ','),
  'cut at a semicolon': (v) => cut(v, ';'),
  'without base64 padding': (v) => v.replace(/={1,2}$/, ''),
  'cut at an equals sign': (v) => cut(v, '='),
  'with $NAME emptied': (v) => v.replaceAll(reference, ''),
  'with $ and a digit emptied': (v) => v.replaceAll(/\$\d/g, ''),
  'with $$ made one $': (v) => v.replaceAll('$$', '$'),
  'with \\$ made $': (v) => v.replaceAll('\\$', '$'),
  'with \\n made a newline': (v) => v.replaceAll('\\n', '\n'),
  'with newlines made \\n': (v) => v.replaceAll('\n', '\\n'),
  'without its backslashes': (v) => v.replaceAll(/\\([\s\S])/g, '$1'),
  'with its backslashes doubled': (v) => v.replaceAll('\\', '\\\\'),
  'in upper case': (v) => v.toUpperCase(),
  'in lower case': (v) => v.toLowerCase(),
  'decoded from hex': (v) => (hex.test(v) ? Buffer.from(v, 'hex') : null),
  'encoded as hex': (v) => Buffer.from(v).toString('hex'),
  'turned from hex to base64': (v) => (hex.test(v) ? Buffer.from(v, 'hex').toString('base64') : null),
  'turned from base64 to hex': (v) => (base64.test(v) ? Buffer.from(v, 'base64').toString('hex') : null),
  'decoded from base64': (v) => (base64.test(v) ? Buffer.from(v, 'base64') : null),
  'encoded as base64': (v) => Buffer.from(v).toString('base64'),
  'encoded as base64 with a trailing newline': (v) => Buffer.from(`${v}\n`).toString('base64'),
  'in the base64url alphabet': (v) => v.replaceAll('+', '-').replaceAll('/', '_'),
  'in the base64 alphabet': (v) => v.replaceAll('-', '+').replaceAll('_', '/'),
  'with base64 padding': (v) => (base64.test(v) ? v.padEnd(Math.ceil(v.length / 4) * 4, '=') : null),
  'in base64url without padding': (v) =>
    v
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/={1,2}$/, ''),
  'percent-decoded': percentDecoded,
  'percent-encoded': (v) => (/\p{Surrogate}/u.test(v) ? null : encodeURIComponent(v)),
  'with + made a space': (v) => v.replaceAll('+', ' '),
  'with spaces made +': (v) => v.replaceAll(' ', '+'),
  'behind a byte order mark': (v) => `\ufeff${v}`,
  'without its byte order mark': (v) => v.replace(/^\ufeff/, ''),
  'as UTF-16 bytes': (v) => Buffer.from(v, 'utf16le'),
  'as Latin-1 bytes': (v) => (/[\u0080-\u00ff]/.test(v) ? Buffer.from(v, 'latin1') : null),
  'read as Latin-1': (v) => (/[^\0-\x7f]/.test(v) ? Buffer.from(v).toString('latin1') : null),
  'in composed Unicode': (v) => v.normalize('NFC'),
  'in decomposed Unicode': (v) => v.normalize('NFD'),
  'without its last character': (v) => v.slice(0, -1),
  'without its first character': (v) => v.slice(1),
  'cut after 32 characters': (v) => v.slice(0, 32),
  'cut after 64 characters': (v) => v.slice(0, 64),
  'its SHA-256 in hex': (v) => createHash('sha256').update(v).digest('hex'),
  'its SHA-256': (v) => createHash('sha256').update(v).digest(),
  'without its version': (v) => /^\d+:([\s\S]*)$/.exec(v)?.[1]?.trim() ?? null,
  'the word undefined': () => 'undefined',
  'the word null': () => 'null',
  'the word None': () => 'None',
  'an empty value': () => '',
  "Better Auth's public default": () => publicDefault,
} as const satisfies Readonly<Record<string, Change>>;

export type VariantName = keyof typeof changes;

/** Characters. Of what is longer, and so is no secret, nothing is made: each change would be as long again. */
export const longestSecret = 16 * 1024;

/** The bytes that a change makes of a value; those of the value where it makes nothing of it. */
export function changed(value: Secret, name: VariantName): Uint8Array {
  const change: Change = changes[name];
  const text = change(value.reveal()) ?? value.reveal();
  return typeof text === 'string' ? Buffer.from(text) : text;
}

/** What a value can have become, likely mistakes first; each differs from the value and from those before it. */
export function* variants(value: Secret, context: VariantContext = { others: [] }): Iterable<Variant> {
  const original = value.reveal();
  const seen = new Set([keyOf(Buffer.from(original))]);
  const known = (original.length > longestSecret ? [] : Object.entries(changes)) as [VariantName, Change][];
  for (const [name, change] of known) {
    const changed = change(original);
    if (changed === null) continue;
    const bytes = typeof changed === 'string' ? Buffer.from(changed) : changed;
    const key = keyOf(bytes);
    if (seen.has(key)) continue;
    seen.add(key);
    yield { name, text: typeof changed === 'string' ? new Box(changed) : textOf(bytes), bytes };
  }
  for (const { name, value: other } of context.others) {
    const bytes = Buffer.from(other.reveal());
    if (seen.has(keyOf(bytes))) continue;
    seen.add(keyOf(bytes));
    yield { name: `the value of ${name}`, text: other, bytes };
  }
}

/** Equal for equal bytes, and short. */
export function keyOf(bytes: Uint8Array): string {
  if (bytes.length > 128) return createHash('sha256').update(bytes).digest('base64');
  return `=${Buffer.from(bytes).toString('latin1')}`;
}

function textOf(bytes: Uint8Array): Secret | null {
  try {
    return new Box(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return null;
  }
}

function cut(value: string, at: string): string | null {
  const found = value.indexOf(at);
  return found === -1 ? null : value.slice(0, found).trimEnd();
}

function percentDecoded(value: string): string | null {
  if (!value.includes('%')) return null;
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}
