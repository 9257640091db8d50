import { parse } from '@babel/parser';
import type { File, Node } from '@babel/types';
import type { SourceFile } from '../../core/source-tree.js';
import { isMinified, minified } from '../held.js';

const syntax = ['typescript', 'decorators-legacy', 'decoratorAutoAccessors', 'explicitResourceManagement'] as const;

/** A file as a tree, or why it could not be read. */
export function parseSource({ path, text }: SourceFile): File | string {
  if (text.includes('\0')) return 'holds null bytes';
  if (isMinified(text)) return minified;
  // a .ts file may cast with <T>x, which in .tsx begins an element
  const jsx = !/\.[mc]?ts$/.test(path);
  try {
    return parse(text, {
      sourceType: 'unambiguous',
      // what a compiler would refuse is read all the same, as long as its shape is clear
      errorRecovery: true,
      plugins: jsx ? [...syntax, 'jsx'] : [...syntax],
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      attachComment: false,
    });
  } catch (error) {
    if (error instanceof RangeError) return 'is nested too deeply';
    const { loc } = error as { loc?: { line: number } };
    return loc === undefined ? 'is no TypeScript that can be parsed' : `has a syntax error in line ${loc.line}`;
  }
}

const meta = new Set(['loc', 'extra', 'leadingComments', 'trailingComments', 'innerComments', 'comments', 'tokens']);

/** Every node below one, itself first, in the order of the text. */
export function* nodesOf(root: Node): Generator<Node> {
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    open.push(...children(node).reverse());
  }
}

function children(node: Node): Node[] {
  const found: Node[] = [];
  // of the whole time that a checkout takes, half was spent on the lists that this could be written with
  for (const key in node) {
    if (meta.has(key)) continue;
    const value: unknown = node[key as keyof Node];
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) found.push(each);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** An expression without what only the compiler reads: casts, `satisfies`, `!`, and `await`. */
export function bare(node: Node): Node {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'ParenthesizedExpression':
      return bare(node.expression);
    case 'AwaitExpression':
      return bare(node.argument);
    default:
      return node;
  }
}
