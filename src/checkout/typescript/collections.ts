import type { Node } from '@babel/types';
import type { Module } from './module.js';
import { nameOf } from './module.js';
import { bare } from './parse.js';
import { isEmpty } from './shape.js';
import type { Located, Value } from './value.js';

type Locate = (node: Node) => Located;

const unknown: Value = { kind: 'unknown' };

/** An object as it is written; `locate` says what an expression of the same file is worth. */
export function objectOf(module: Module, node: Extract<Node, { type: 'ObjectExpression' }>, locate: Locate): Value {
  const properties = new Map<string, Located>();
  let open = false;
  for (const each of node.properties) {
    if (each.type === 'SpreadElement') {
      const [spread, sure] = spreadOf(each.argument, locate);
      // what cannot be seen may also replace what came before it
      if (spread.kind !== 'object' || spread.open)
        for (const [name, held] of properties) properties.set(name, { ...held, sure: false });
      if (spread.kind !== 'object') open = true;
      else for (const [name, held] of spread.properties) properties.set(name, { ...held, sure: held.sure && sure });
      open ||= spread.kind === 'object' && spread.open;
      continue;
    }
    const name = each.computed ? '' : nameOf(each.key);
    if (name === '') open = true;
    else if (each.type === 'ObjectMethod')
      properties.set(name, { module, node: each, value: { kind: 'function' }, sure: true });
    // what stands there is the place, also where its value is written elsewhere
    else properties.set(name, { ...locate(each.value), module, node: each });
  }
  return { kind: 'object', properties, open };
}

export function arrayOf(node: Extract<Node, { type: 'ArrayExpression' }>, locate: Locate): Value {
  const items: Located[] = [];
  let open = false;
  for (const each of node.elements) {
    if (each === null) continue;
    if (each.type !== 'SpreadElement') {
      const [value, sure] = conditional(each, locate);
      items.push(...value.map((one) => ({ ...one, sure: one.sure && sure })));
      open ||= value.some((one) => one.value.kind === 'unknown');
      continue;
    }
    const [spread, sure] = spreadOf(each.argument, locate);
    if (spread.kind !== 'array') open = true;
    else items.push(...spread.items.map((item) => ({ ...item, sure: item.sure && sure })));
    open ||= spread.kind === 'array' && spread.open;
  }
  return { kind: 'array', items, open };
}

/** What a spread brings, and whether it surely does: `...(on ? [jwt()] : [])` may. */
function spreadOf(argument: Node, locate: Locate): [Value, boolean] {
  const [options, sure] = conditional(argument, locate);
  const brings = options.filter(({ value }) => !isEmpty(value));
  if (brings.length === 0) return [options[0]?.value ?? unknown, true];
  return brings.length === 1 ? [(brings[0] as Located).value, sure] : [unknown, false];
}

function conditional(node: Node, locate: Locate): [Located[], boolean] {
  const expression = bare(node);
  if (expression.type === 'ConditionalExpression')
    return [[locate(expression.consequent), locate(expression.alternate)], false];
  if (expression.type === 'LogicalExpression' && expression.operator === '&&')
    return [[locate(expression.right)], false];
  return [[locate(expression)], true];
}
