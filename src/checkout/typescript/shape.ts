import type { Node } from '@babel/types';
import type { Value } from './value.js';

/** Nothing that a spread of it would bring. */
export function isEmpty(value: Value): boolean {
  if (value.kind === 'array') return value.items.length === 0 && !value.open;
  if (value.kind === 'object') return value.properties.size === 0 && !value.open;
  return value.kind === 'nothing' || (value.kind === 'boolean' && !value.boolean);
}

/** What a function returns, where it has one `return` and nothing else decides. */
export function onlyReturn(node: Node): Node | null {
  if (
    node.type !== 'ArrowFunctionExpression' &&
    node.type !== 'FunctionDeclaration' &&
    node.type !== 'FunctionExpression'
  )
    return null;
  if (node.body.type !== 'BlockStatement') return node.body;
  const [last, ...others] = [...node.body.body].reverse();
  const plain = others.every(({ type }) =>
    ['VariableDeclaration', 'ExpressionStatement', 'FunctionDeclaration'].includes(type),
  );
  return plain && last?.type === 'ReturnStatement' ? (last.argument ?? null) : null;
}
