import type { core } from 'zod/mini';
import { printable } from '../core/finding.js';
import { nearest } from '../core/nearest.js';
import type { Document, Fault, Path } from './document.js';
import { keyAt, nodeAt } from './document.js';
import { keysAt } from './keys.js';
import { schema } from './schema.js';

type Issue = core.$ZodIssue;
/** Of a fault, whether it is told beside faults of syntax: what is not there, or not known, may be their doing. */
type Violation = Fault & { readonly end: number; readonly certain: boolean };

/** Where a document that can be read, as far as it can be, departs from the schema. */
export function violations(document: Document): Fault[] {
  const { error } = schema.safeParse(document.value);
  const found = error?.issues.flatMap((issue) => violation(document, issue)) ?? [];
  const [first] = document.syntax;
  if (first === undefined) return found;
  return found.filter(({ offset, end, certain }) =>
    certain ? !document.syntax.some((fault) => fault.offset >= offset && fault.offset <= end) : end <= first.offset,
  );
}

function violation(document: Document, issue: Issue): Violation[] {
  const { root } = document;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ ...span(keyAt(root, issue.path, key)), ...unknownKey(issue.path, key) }));
  }
  const parent = issue.path.slice(0, -1);
  const key = issue.path.at(-1) ?? '';
  if (issue.code === 'invalid_key') {
    const text = 'a target is named by letters, digits, ".", "_" and "-", the first a letter or digit';
    return [{ ...span(keyAt(root, parent, key)), text, certain: false }];
  }
  const node = nodeAt(root, issue.path);
  if (node === undefined) {
    return [{ ...span(nodeAt(root, parent)), text: `"${String(key)}" is missing`, certain: false }];
  }
  const text = `${subject(issue.path)} ${wrongValue(issue, node.type, node.value)}`;
  return [{ ...span(node), text, certain: true }];
}

function span(node: { offset: number; length: number } | undefined): { offset: number; end: number } {
  return { offset: node?.offset ?? 0, end: (node?.offset ?? 0) + (node?.length ?? 0) };
}

/** `"auth"`, `"resources" 2` of a list, or the file itself */
function subject(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return typeof last === 'number' ? `"${String(path.at(-2))}" ${last + 1}` : `"${printable(String(last))}"`;
}

function unknownKey(path: Path, key: string): { text: string; certain: boolean } {
  const known = keysAt(path);
  const near = nearest(key, known);
  const advice = near === null ? `known here: ${known.join(', ')}` : `did you mean "${near}"?`;
  return { text: `unknown key "${printable(key)}"; ${advice}`, certain: false };
}

/** Never quotes the value, only what it could have been. */
function wrongValue(issue: Issue, type: string, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${articled(issue.expected === 'record' ? 'object' : issue.expected)}, and is ${articled(type)}`;
    case 'invalid_value': {
      const near = typeof value === 'string' ? nearest(value, issue.values.map(String)) : null;
      const must = `must be ${alternatives(issue.values.map((each) => JSON.stringify(each)))}`;
      return near === null ? must : `${must}; did you mean "${near}"?`;
    }
    default:
      return issue.message;
  }
}

function articled(type: string): string {
  if (type === 'null') return type;
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
