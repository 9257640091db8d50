import type { Node } from '@babel/types';
import type { Sighting } from '../../core/observation.js';
import { sighting } from '../../core/observation.js';
import type { Evaluator } from './evaluate.js';
import { seen } from './jwt-options.js';
import { memberName } from './member.js';
import { bare } from './parse.js';
import type { At, Value } from './value.js';

/** `new WebSocket(url)`: the path, where it can be known, and whether that is the whole of it. */
export function socketSightings(evaluator: Evaluator, call: At, [url]: readonly At[]): Sighting[] {
  const { node, module } = call;
  if (node.type !== 'NewExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'WebSocket') return [];
  if (module.bindings.has('WebSocket') || url === undefined) return [];
  const found = evaluator.locate(url);
  const path = pathOf(found.value);
  if (path === null) return [];
  const whole = found.value.kind === 'text' || isOwnHost(found.node, path);
  return [sighting('socket.opened', seen(call), { path, whole })];
}

function pathOf(value: Value): string | null {
  const text = value.kind === 'suffix' || value.kind === 'text' ? value.text : '';
  const path = text.replace(/^wss?:\/\/[^/]*/, '').replace(/[?#].*$/, '');
  return path.startsWith('/') ? path : null;
}

/** `${protocol}//${window.location.host}/path`: a variable in that place could hold a part of the path. */
function isOwnHost(node: Node, path: string): boolean {
  if (node.type !== 'TemplateLiteral') return false;
  const index = node.quasis.findIndex(({ value }) => value.raw.startsWith(path));
  const before = bare(node.expressions[index - 1] ?? node);
  return before.type === 'MemberExpression' && memberName(before) === 'host';
}
