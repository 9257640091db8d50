import type { Node } from '@babel/types';
import { bare } from './parse.js';

/** `process.env`, `import.meta.env`, `Bun.env`, `Deno.env` */
export function isEnvironment(node: Node): boolean {
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return false;
  const object = bare(node.object);
  return (
    memberName(node) === 'env' &&
    (object.type === 'MetaProperty' ||
      (object.type === 'Identifier' && ['process', 'Bun', 'Deno'].includes(object.name)))
  );
}

/** `b` of `a.b` and `a['b']`; null where it is computed. */
export function memberName(
  node: Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>,
): string | null {
  const { property, computed } = node;
  if (property.type === 'Identifier' && !computed) return property.name;
  return property.type === 'StringLiteral' ? property.value : null;
}
