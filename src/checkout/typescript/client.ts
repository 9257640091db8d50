import type { Node } from '@babel/types';
import type { Sighting } from '../../core/observation.js';
import { sighting } from '../../core/observation.js';
import { pluginIn } from './auth.js';
import type { Evaluator } from './evaluate.js';
import { seen } from './jwt-options.js';
import { memberName } from './member.js';
import type { Module } from './module.js';
import { nameOf } from './module.js';
import { bare } from './parse.js';
import type { At, Value } from './value.js';
import { property } from './value.js';

/** What a call of `createAuthClient(options)` sets up. */
export function clientSightings(evaluator: Evaluator, call: At, args: readonly At[]): Sighting[] {
  const options: Value =
    args[0] === undefined ? { kind: 'object', properties: new Map(), open: false } : evaluator.value(args[0]);
  const { present } = pluginIn(
    property(options, 'plugins'),
    (source, name) => /^better-auth\/client(\/plugins)?$/.test(source) && name === 'jwtClient',
  );
  return [sighting('client.instance', seen(call), { jwt: present })];
}

/** `useChatKit({ options: {} })` of OpenAI's ChatKit. */
export function chatKitSightings(evaluator: Evaluator, args: readonly At[]): Sighting[] {
  const wrapped = args[0] === undefined ? undefined : property(evaluator.value(args[0]), 'options');
  return wrapped === undefined || wrapped === 'hidden' ? [] : [sighting('chatkit.options-wrapped', seen(wrapped))];
}

/** Where a file asks its client of Better Auth for a token. */
export function tokenCallSightings(evaluator: Evaluator, module: Module): Sighting[] {
  return module.nodes.flatMap((node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
    const member = memberName(node.callee);
    if (member !== 'token' && member !== 'jwks') return [];
    const client = evaluator.value({ module, node: node.callee.object });
    const ours = client.kind === 'call' && client.name === 'createAuthClient' && /^better-auth\//.test(client.source);
    return ours ? [sighting('client.token-call', seen({ module, node }), { member: `${member}()` })] : [];
  });
}

/** Where a file reads `jwt` of what Better Auth calls a session. */
export function sessionSightings(evaluator: Evaluator, module: Module): Sighting[] {
  return module.nodes.flatMap((node) => {
    if (node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration')
      return typedSightings(module, node);
    if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return [];
    if (memberName(node) !== 'jwt' || !isSession(evaluator, module, node.object, 0)) return [];
    return [sighting('session.jwt-read', seen({ module, node }))];
  });
}

function typedSightings(
  module: Module,
  node: Extract<Node, { type: 'TSInterfaceDeclaration' | 'TSTypeAliasDeclaration' }>,
): Sighting[] {
  if (!/session/i.test(node.id.name)) return [];
  const members =
    node.type === 'TSInterfaceDeclaration'
      ? node.body.body
      : node.typeAnnotation.type === 'TSTypeLiteral'
        ? node.typeAnnotation.members
        : [];
  return members.flatMap((member) =>
    member.type === 'TSPropertySignature' && nameOf(member.key) === 'jwt'
      ? [sighting('session.jwt-typed', seen({ module, node: member }))]
      : [],
  );
}

const deepest = 6;

/** The answer of `getSession()` or `useSession()` of Better Auth, or a part of it. */
function isSession(evaluator: Evaluator, module: Module, node: Node, depth: number): boolean {
  const expression = bare(node);
  if (depth > deepest) return false;
  if (expression.type === 'MemberExpression' || expression.type === 'OptionalMemberExpression')
    return (
      /^(data|session)$/.test(memberName(expression) ?? '') &&
      isSession(evaluator, module, expression.object, depth + 1)
    );
  if (expression.type === 'Identifier') {
    const bindings = module.bindings.get(expression.name) ?? [];
    return (
      bindings.length > 0 &&
      bindings.every(
        (each) =>
          (each.kind === 'value' && isSession(evaluator, module, each.node, depth + 1)) ||
          (each.kind === 'member' &&
            /^(data|session)$/.test(each.path[0] ?? '') &&
            isSession(evaluator, module, each.of, depth + 1)),
      )
    );
  }
  if (expression.type !== 'CallExpression') return false;
  const { callee } = expression;
  const name =
    callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? memberName(callee) : null;
  const external = evaluator.external({ module, node: callee });
  // next-auth has functions of these names
  return (
    (name === 'getSession' || name === 'useSession') && (external === null || external.source.startsWith('better-auth'))
  );
}
