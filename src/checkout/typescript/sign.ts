import type { Node } from '@babel/types';
import type { Sighting } from '../../core/observation.js';
import { sighting } from '../../core/observation.js';
import type { Evaluator } from './evaluate.js';
import { seen } from './jwt-options.js';
import { memberName } from './member.js';
import { bare } from './parse.js';
import type { External } from './program.js';
import { keySightings } from './secrets.js';
import type { At } from './value.js';
import { property, textOf } from './value.js';

const purpose = 'the key that tokens are signed with';

/** Where an application signs tokens itself: `new SignJWT(claims).setProtectedHeader({ alg }).sign(key)`, `jwt.sign()`. */
export function signSightings(
  evaluator: Evaluator,
  call: At,
  external: External | null,
  args: readonly At[],
): Sighting[] {
  if (external?.source === 'jsonwebtoken' && external.name === 'sign') {
    const found = args[2] === undefined ? undefined : property(evaluator.value(args[2]), 'algorithm');
    const alg = found === undefined ? 'HS256' : found === 'hidden' ? 'unknown' : (textOf(found.value) ?? 'unknown');
    return [sighting('token.signed', seen(call), { library: 'jsonwebtoken', alg }), ...keysOf(evaluator, args[1])];
  }
  const { module, node } = call;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || memberName(node.callee) !== 'sign')
    return [];
  const alg = chainOf(evaluator, { module, node: node.callee.object });
  return alg === null
    ? []
    : [sighting('token.signed', seen(call), { library: 'jose', alg }), ...keysOf(evaluator, args[0])];
}

function keysOf(evaluator: Evaluator, key: At | undefined): Sighting[] {
  return key === undefined ? [] : keySightings(evaluator, key, purpose);
}

/** The algorithm that a chain of calls on `new SignJWT()` asks for; null where it is another chain. */
function chainOf(evaluator: Evaluator, { module, node }: At): string | null {
  let alg = 'unknown';
  let at: Node = bare(node);
  while (at.type === 'CallExpression' && at.callee.type === 'MemberExpression') {
    const [header] = at.arguments;
    if (memberName(at.callee) === 'setProtectedHeader' && header !== undefined) {
      const found = property(evaluator.value({ module, node: header }), 'alg');
      alg = (found === undefined || found === 'hidden' ? null : textOf(found.value)) ?? 'unknown';
    }
    at = bare(at.callee.object);
  }
  if (at.type !== 'NewExpression') return null;
  const external = evaluator.external({ module, node: at.callee });
  return external?.source === 'jose' && external.name === 'SignJWT' ? alg : null;
}
