import { visible } from '../core/finding.js';
import type { SourcePlace } from '../core/observation.js';
import type { SourceFile } from '../core/source-tree.js';

const longest = 120;
const comment: Readonly<Record<string, RegExp>> = { py: /^#/, yml: /^\s#/, yaml: /^\s#/, toml: /^#/, conf: /^#/ };

/** The place of an offset. The excerpt begins there: it must be the start of a token, not inside of a text. */
export function placeAt({ path, text }: SourceFile, offset: number): SourcePlace {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  const end = text.indexOf('\n', offset);
  const rest = text.slice(offset, end < 0 ? text.length : end);
  return { path, line, column: offset - start + 1, excerpt: withoutSecrets(rest, path.split('.').at(-1) ?? '') };
}

/** A line of code: each quoted text that is not plainly harmless becomes `…`, and a comment is left out. */
export function withoutSecrets(code: string, extension: string): string {
  let shown = '';
  for (let at = 0; at < code.length; ) {
    if ((comment[extension] ?? /^\/[/*]/).test(code.slice(at, at + 2))) break;
    const quote = code[at] as string;
    if (!['"', "'", '`'].includes(quote)) {
      shown += quote;
      at += 1;
      continue;
    }
    const end = closing(code, at);
    const held = code.slice(at + 1, end);
    shown += `${quote}${harmless(held, shown) ? held : '…'}${quote}`;
    at = end + 1;
  }
  const clean = visible(shown.trim());
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}

function closing(code: string, start: number): number {
  for (let at = start + 1; at < code.length; at++) {
    if (code[at] === '\\') at += 1;
    else if (code[at] === code[start]) return at;
  }
  return code.length;
}

/** Names of algorithms, spans of time, plain paths and addresses; names of variables and modules where one stands. */
function harmless(text: string, before: string): boolean {
  if (/^((HS|RS|ES|PS)\d{3}|EdDSA|Ed25519|verify_[a-z]{3,12}|base64(url)?|hex|utf-?8)$/.test(text)) return true;
  if (/^\d{1,6} ?[a-z]{1,7}$/.test(text)) return true;
  if (/^(https?:\/\/[a-z0-9.-]{1,60}(:\d+)?)?(\/[a-z0-9._{}:*-]{0,20}){0,8}$/.test(text)) return true;
  if (/(\bfrom|\bimport|\brequire\() ?$/.test(before) && /^[@a-z0-9._/-]{1,60}$/.test(text)) return true;
  return /\b(getenv|environ|env|get|alias|config)[([=] ?$/.test(before) && /^[A-Z][A-Z0-9_]{0,40}$/.test(text);
}
