import { parse } from '@babel/parser';
import type { File, Node } from '@babel/types';
import type { SourceFile } from '../../core/source-tree.js';

/** Code that no person wrote: parsing it takes seconds and tells nothing. */
const longestLine = 20_000;

const syntax = ['typescript', 'decorators-legacy', 'decoratorAutoAccessors', 'explicitResourceManagement'] as const;

/** A file as a tree, or why it could not be read. */
export function parseSource({ path, text }: SourceFile): File | string {
  if (text.includes('\0')) return 'holds null bytes';
  if (text.split('\n').some((line) => line.length > longestLine)) return 'is minified';
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
  return Object.entries(node).flatMap(([key, value]) => {
    if (meta.has(key)) return [];
    return (Array.isArray(value) ? value : [value]).filter(isNode);
  });
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
