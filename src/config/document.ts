import type { Node, ParseError } from 'jsonc-parser';
import { getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Token } from './tokens.js';
import { tokens, tooDeep } from './tokens.js';

export type Path = readonly PropertyKey[];

/** Something in the text that JSON with comments does not allow. */
export interface Fault {
  readonly offset: number;
  readonly text: string;
}

/** A text read as JSON with comments and trailing commas, as far as it can be. */
export interface Document {
  readonly tokens: readonly Token[];
  readonly root: Node | undefined;
  /** objects have no prototype, so that `__proto__` is a key like any other */
  readonly value: unknown;
  /** by offset, one for each place */
  readonly syntax: readonly Fault[];
  /** keys written twice in one object, and `__proto__` */
  readonly keys: readonly Fault[];
}

// deeper than any settings, and far from where a recursive parser ends
const deepest = 64;
// a thousand targets have fewer; each that is wrong is a mistake, and whoever lists those has an end somewhere
const most = 65_536;

const words: Readonly<Record<string, string>> = {
  InvalidSymbol: 'is no JSON: a text stands in double quotes',
  InvalidNumberFormat: 'is not a number',
  PropertyNameExpected: 'is not a key: a key stands in double quotes',
  ValueExpected: 'a value is missing here',
  ColonExpected: 'a colon is missing here',
  CommaExpected: 'a comma is missing here',
  CloseBraceExpected: 'a closing } is missing here',
  CloseBracketExpected: 'a closing ] is missing here',
  EndOfFileExpected: 'the file should end here',
  UnexpectedEndOfComment: 'the comment does not end',
  UnexpectedEndOfString: 'the text does not end on its line',
  UnexpectedEndOfNumber: 'the number does not end',
  InvalidUnicode: 'has an escape that is not \\u and four hexadecimal digits',
  InvalidEscapeCharacter: 'has an escape that JSON does not know',
  InvalidCharacter: 'has a control character in it',
};

export function readDocument(text: string): Document {
  const pieces = tokens(text);
  const deep = tooDeep(pieces, deepest);
  if (deep !== null) return refused(pieces, deep, `is deeper than ${deepest} levels`);
  const beyond = pieces.filter(({ kind }) => kind !== 'space' && kind !== 'comment')[most];
  if (beyond !== undefined) return refused(pieces, beyond.offset, `is more than ${most} words and marks`);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  return {
    tokens: pieces,
    root,
    value: root === undefined ? undefined : getNodeValue(root),
    syntax: faults(text, errors),
    keys: root === undefined ? [] : [...strayKeys(root)],
  };
}

/** A text that is not read any further. */
function refused(pieces: readonly Token[], offset: number, text: string): Document {
  return { tokens: pieces, root: undefined, value: undefined, syntax: [{ offset, text }], keys: [] };
}

/** The node at a path, of doubled keys the last, which is the one that counts; undefined where there is none. */
export function nodeAt(root: Node | undefined, path: Path): Node | undefined {
  let node = root;
  for (const step of path) {
    node = typeof step === 'number' ? node?.children?.[step] : property(node, step)?.children?.[1];
  }
  return node;
}

/** The node of the key itself. */
export function keyAt(root: Node | undefined, path: Path, key: PropertyKey): Node | undefined {
  return property(nodeAt(root, path), key)?.children?.[0];
}

function property(node: Node | undefined, key: PropertyKey): Node | undefined {
  return node?.type === 'object' ? membersOf(node).get(key) : undefined;
}

/** Of objects that were asked for a member: whoever looks for each of ten thousand would search a thousand times as long. */
const indexed = new WeakMap<Node, ReadonlyMap<unknown, Node>>();

/** Of doubled keys the last. */
function membersOf(node: Node): ReadonlyMap<unknown, Node> {
  const known = indexed.get(node);
  if (known !== undefined) return known;
  const members = new Map((node.children ?? []).map((member) => [member.children?.[0]?.value, member]));
  indexed.set(node, members);
  return members;
}

/** After these the rest of the line was not read as it was meant. */
const derailing: ReadonlySet<string> = new Set(['InvalidSymbol', 'UnexpectedEndOfString', 'UnexpectedEndOfComment']);
/** An earlier fault is why brackets do not match. */
const unmatched: ReadonlySet<string> = new Set(['CloseBraceExpected', 'CloseBracketExpected', 'EndOfFileExpected']);

/** The faults that stand for themselves: not those that only follow from an earlier one. */
function faults(text: string, errors: readonly ParseError[]): Fault[] {
  const found: Fault[] = [];
  let reread = 0;
  for (const { offset, error } of [...errors].sort((a, b) => a.offset - b.offset)) {
    const name = printParseErrorCode(error);
    if (found.at(-1)?.offset === offset || offset < reread) continue;
    if (found.length > 0 && unmatched.has(name)) continue;
    found.push({ offset, text: words[name] ?? 'is no JSON' });
    if (derailing.has(name)) reread = offset + (/^.*/.exec(text.slice(offset))?.[0].length ?? 0);
  }
  return found;
}

function* strayKeys(node: Node): Generator<Fault> {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    const key = node.type === 'object' ? child.children?.[0] : undefined;
    if (key !== undefined) {
      if (seen.has(key.value)) yield { offset: key.offset, text: 'this key stands in its object already' };
      if (key.value === '__proto__') yield { offset: key.offset, text: 'no setting can have this key' };
      seen.add(key.value);
    }
    const value = node.type === 'object' ? child.children?.[1] : child;
    if (value !== undefined) yield* strayKeys(value);
  }
}
