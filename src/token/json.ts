/** A JSON object from outside: read its members with `Object.hasOwn`, or through `member`. */
export type JsonObject = Readonly<Record<string, unknown>>;

export type JsonFault = 'utf8' | 'syntax' | 'not-an-object' | 'too-deep';

export interface JsonReading {
  /** null where there is a fault */
  readonly object: JsonObject | null;
  readonly fault: JsonFault | null;
  /** names that occur twice in one object; parsers disagree on which of the two counts (RFC 8259 4) */
  readonly duplicates: readonly string[];
}

/** Nesting beyond this is refused before it is parsed. */
export const deepest = 64;

/** Reads one JSON object from bytes: strict UTF-8, bounded nesting, repeated names told. Never throws. */
export function readJsonObject(bytes: Uint8Array): JsonReading {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return failed('utf8');
  }
  if (depth(text) > deepest) return failed('too-deep');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed('syntax');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return failed('not-an-object');
  return { object: value as JsonObject, fault: null, duplicates: duplicateNames(text) };
}

/** The member that an object itself has, never one that it inherits. */
export function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function failed(fault: JsonFault): JsonReading {
  return { object: null, fault, duplicates: [] };
}

/** In one pass, since the text need not be JSON: a search for strings that never end would look at it again and again. */
function depth(text: string): number {
  let now = 0;
  let most = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const mark = text[i];
    if (mark === '"') inString = !inString;
    else if (inString) i += mark === '\\' ? 1 : 0;
    else if (mark === '{' || mark === '[') most = Math.max(most, ++now);
    else if (mark === '}' || mark === ']') now--;
  }
  return most;
}

/** Of text that is known to be JSON: a string before a colon is a name in the innermost open object. */
function duplicateNames(text: string): string[] {
  const open: Set<string>[] = [];
  const found = new Set<string>();
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[[\]{}]/gs)) {
    if (piece === '{' || piece === '[') open.push(new Set());
    else if (piece === '}' || piece === ']') open.pop();
    else if (piece.endsWith(':')) {
      const name = JSON.parse(piece.slice(0, -1)) as string;
      const names = open.at(-1);
      if (names?.has(name)) found.add(name);
      names?.add(name);
    }
  }
  return [...found];
}
