import { memberName } from './member.js';
import { bindingOf } from './module.js';
import { bare } from './parse.js';
import type { External, Program } from './program.js';
import type { At } from './value.js';

/** What is nested more than that is not looked at. */
export const deepest = 24;

/** The package and the name that a callee comes from: `betterAuth`, `auth.betterAuth` of `import * as auth`. */
export function externalOf(program: Program, at: At, depth = 0): External | null {
  const node = bare(at.node);
  if (node.type === 'Identifier') {
    const found = program.follow(at.module, bindingOf(at.module, node.name), depth);
    return found !== null && 'source' in found ? found : null;
  }
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return null;
  const whole = depth > deepest ? null : externalOf(program, { module: at.module, node: node.object }, depth + 1);
  const name = memberName(node);
  if (whole === null || name === null) return null;
  const container = whole.name === '*' || whole.name === 'default';
  return { source: whole.source, name: container ? name : `${whole.name}.${name}` };
}

/** The expression that a name stands for, in the file where it is written. */
export function targetOf(program: Program, at: At, depth: number): At {
  const node = bare(at.node);
  if (depth > deepest) return { module: at.module, node };
  const found =
    node.type === 'Identifier'
      ? program.follow(at.module, bindingOf(at.module, node.name))
      : ofNamespace(program, { module: at.module, node });
  if (found === null || 'source' in found || found.binding.kind !== 'value') return { module: at.module, node };
  return targetOf(program, { module: found.module, node: found.binding.node }, depth + 1);
}

/** `env.secret` of `import * as env from './env'` */
function ofNamespace(program: Program, { module, node }: At): ReturnType<Program['export']> {
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return null;
  const binding = bindingOf(module, node.object.name);
  const name = memberName(node);
  if (binding.kind !== 'import' || binding.name !== '*' || name === null) return null;
  const path = program.resolve(module.file.path, binding.source);
  return path === null ? null : program.export(path, name);
}
