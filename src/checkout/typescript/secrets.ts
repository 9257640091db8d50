import type { Node } from '@babel/types';
import type { Sighting } from '../../core/observation.js';
import { sighting } from '../../core/observation.js';
import type { Evaluator } from './evaluate.js';
import { seen } from './jwt-options.js';
import { memberName } from './member.js';
import type { Module } from './module.js';
import { bare } from './parse.js';
import type { At, Located } from './value.js';

/** Where a value that serves as a secret comes from. */
export function secretSightings(found: Located, purpose: string): Sighting[] {
  const { value } = found;
  if (value.kind === 'text' && value.text !== '') return [sighting('secret.literal', seen(found), { purpose })];
  if (value.kind !== 'env') return [];
  const { name, fallback } = value;
  const read = sighting('secret.read', seen(found), { name });
  if (fallback === null) return [read];
  if (fallback.value.kind === 'env') return [read, ...secretSightings({ ...fallback, ...here(found) }, purpose)];
  if (fallback.value.kind !== 'text' || fallback.value.text === '') return [read];
  return [read, sighting('secret.fallback', seen(found), { name })];
}

function here({ module, node }: At): At {
  return { module, node };
}

/** The key that a token is verified or signed with: `new TextEncoder().encode(secret)`, `Buffer.from(secret, 'hex')`. */
export function keySightings(evaluator: Evaluator, at: At, purpose: string): Sighting[] {
  const node = resolved(evaluator, at);
  if (node.node.type !== 'CallExpression') return secretSightings(evaluator.locate(node), purpose);
  const { callee } = node.node;
  const [first, second] = node.node.arguments;
  if (first === undefined || (callee.type !== 'MemberExpression' && callee.type !== 'Identifier')) return [];
  const method = callee.type === 'Identifier' ? callee.name : memberName(callee);
  const inner = { module: node.module, node: first };
  const external = evaluator.external({ module: node.module, node: callee });
  const as =
    method === 'decode' && external?.source === 'jose'
      ? 'base64url'
      : method === 'from' && second?.type === 'StringLiteral' && /^(base64(url)?|hex)$/.test(second.value)
        ? second.value
        : null;
  const encodes = ['encode', 'from', 'createSecretKey', 'importJWK'].includes(method ?? '');
  if (as === null && !encodes) return [];
  const below = keySightings(evaluator, inner, purpose);
  return as === null ? below : [...below, sighting('secret.decoded', seen(node), { as })];
}

/** The expression behind a name, where it is a call that `locate` does not see through. */
function resolved(evaluator: Evaluator, at: At): At {
  const { module, node } = evaluator.locate(at);
  return { module, node: bare(node) };
}

const prefixes = ['NEXT_PUBLIC_', 'VITE_', 'PUBLIC_', 'REACT_APP_', 'NUXT_PUBLIC_', 'EXPO_PUBLIC_'];

/** Variables that a bundler sends to every browser and that are named like a secret. */
export function publicNameSightings(module: Module): Sighting[] {
  const found = new Map<string, Node>();
  for (const node of module.nodes) {
    if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') continue;
    const name = memberName(node) ?? '';
    // a site key and a publishable key are meant to be public
    if (/SECRET/.test(name) && !/PUBLISH|SITE_KEY/.test(name) && !found.has(name)) found.set(name, node);
  }
  return [...found].flatMap(([name, node]) => {
    const prefix = prefixes.find((each) => name.startsWith(each));
    return prefix === undefined ? [] : [sighting('secret.public-name', seen({ module, node }), { name, prefix })];
  });
}
