import type { Node } from '@babel/types';
import { arrayOf, objectOf } from './collections.js';
import { combined, joinedText, joinedUrl } from './combine.js';
import { isEnvironment, memberName } from './member.js';
import type { Module } from './module.js';
import { bindingOf } from './module.js';
import { deepest, externalOf, targetOf } from './names.js';
import { bare } from './parse.js';
import type { External, Program } from './program.js';
import { onlyReturn } from './shape.js';
import type { At, Located, Value } from './value.js';

const unknown: Value = { kind: 'unknown' };

/** What an expression is worth, as far as constants, local files, spreads and simple functions tell. */
export class Evaluator {
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  locate({ module, node }: At, depth = 0, sure = true): Located {
    const target = targetOf(this.#program, { module, node }, depth);
    return { ...target, value: this.#value(target, depth), sure };
  }

  value(at: At): Value {
    return this.locate(at).value;
  }

  external(at: At): External | null {
    return externalOf(this.#program, at);
  }

  #value({ module, node }: At, depth: number): Value {
    if (depth > deepest) return unknown;
    const locate = (below: Node) => this.locate({ module, node: below }, depth + 1);
    const next = (below: Node) => locate(below).value;
    switch (node.type) {
      case 'StringLiteral':
        return { kind: 'text', text: node.value };
      case 'NumericLiteral':
        return { kind: 'number', number: node.value };
      case 'BooleanLiteral':
        return { kind: 'boolean', boolean: node.value };
      case 'NullLiteral':
        return { kind: 'nothing' };
      case 'Identifier':
        return node.name === 'undefined' ? { kind: 'nothing' } : this.#member(module, node.name, depth);
      case 'TemplateLiteral':
        return joinedText(
          node.quasis.map(({ value }) => value.cooked ?? ''),
          node.expressions.map(next),
        );
      case 'BinaryExpression':
        return node.left.type === 'PrivateName' ? unknown : combined(node.operator, next(node.left), next(node.right));
      case 'LogicalExpression':
        return this.#either(module, node, depth);
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.#access(module, node, depth);
      case 'ObjectExpression':
        return objectOf(module, node, locate);
      case 'ArrayExpression':
        return arrayOf(node, locate);
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'FunctionDeclaration':
        return { kind: 'function' };
      case 'CallExpression':
      case 'NewExpression':
        return this.#call(module, node, depth);
      default:
        return unknown;
    }
  }

  /** A name that was taken out of an object: `const { DATABASE_URL } = process.env`. */
  #member(module: Module, name: string, depth: number): Value {
    const binding = bindingOf(module, name);
    if (binding.kind !== 'member') return unknown;
    if (isEnvironment(bare(binding.of)) && binding.path.length === 1)
      return { kind: 'env', name: binding.path[0] ?? '', fallback: null };
    return binding.path.reduce<Value>(
      (value, key) => {
        const found = value.kind === 'object' ? value.properties.get(key) : undefined;
        return found?.sure === true ? found.value : unknown;
      },
      this.locate({ module, node: binding.of }, depth + 1).value,
    );
  }

  #either(module: Module, node: Extract<Node, { type: 'LogicalExpression' }>, depth: number): Value {
    const left = this.locate({ module, node: node.left }, depth + 1);
    if (node.operator === '&&' || left.value.kind !== 'env' || left.value.fallback !== null) return unknown;
    return { ...left.value, fallback: this.locate({ module, node: node.right }, depth + 1) };
  }

  #access(
    module: Module,
    node: Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>,
    depth: number,
  ): Value {
    const name = memberName(node);
    if (name === null) return unknown;
    if (isEnvironment(bare(node.object))) return { kind: 'env', name, fallback: null };
    const object = this.locate({ module, node: node.object }, depth + 1).value;
    const found = object.kind === 'object' ? object.properties.get(name) : undefined;
    if (found?.sure === true) return found.value;
    // a module that checks the environment: `env.BETTER_AUTH_SECRET` of t3-env, envalid, zod
    const holder = bare(node.object);
    const typed =
      holder.type === 'Identifier' && /^(env|config|settings)$/i.test(holder.name) && /^[A-Z][A-Z0-9_]+$/.test(name);
    return typed ? { kind: 'env', name, fallback: null } : unknown;
  }

  #call(module: Module, node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>, depth: number): Value {
    const found = this.external({ module, node: node.callee });
    const args = node.arguments.map((argument) => ({ module, node: argument }));
    if (found !== null) return { kind: 'call', ...found, args };
    const { callee } = node;
    if (node.type === 'NewExpression')
      return isGlobal(module, callee, 'URL')
        ? joinedUrl(node.arguments.map((argument) => this.locate({ module, node: argument }, depth + 1).value))
        : unknown;
    // Deno.env.get('X'), process.env.X.trim()
    if (callee.type === 'MemberExpression') {
      const [first] = node.arguments;
      if (memberName(callee) === 'get' && isEnvironment(bare(callee.object)) && first?.type === 'StringLiteral')
        return { kind: 'env', name: first.value, fallback: null };
      return memberName(callee) === 'filter' ? this.locate({ module, node: callee.object }, depth + 1).value : unknown;
    }
    const target = targetOf(this.#program, { module, node: callee }, depth);
    const returned = onlyReturn(target.node);
    return returned === null ? unknown : this.locate({ module: target.module, node: returned }, depth + 1).value;
  }
}

function isGlobal({ bindings }: Module, node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name && !bindings.has(name);
}
