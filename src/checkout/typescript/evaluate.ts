import type { Node } from '@babel/types';
import { combined, joinedText } from './combine.js';
import { isEnvironment, memberName } from './member.js';
import type { Module } from './module.js';
import { bindingOf, nameOf } from './module.js';
import { bare } from './parse.js';
import type { External, Program } from './program.js';
import { isEmpty, onlyReturn } from './shape.js';
import type { At, Located, Value } from './value.js';

const unknown: Value = { kind: 'unknown' };
const deepest = 24;

/** What an expression is worth, as far as constants, local files, spreads and simple functions tell. */
export class Evaluator {
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  locate({ module, node }: At, depth = 0, sure = true): Located {
    const target = this.#target({ module, node }, depth);
    return { ...target, value: this.#value(target, depth), sure };
  }

  value(at: At): Value {
    return this.locate(at).value;
  }

  /** The package and the name that a callee comes from: `betterAuth`, `auth.betterAuth` of `import * as auth`. */
  external(at: At, depth = 0): External | null {
    const node = bare(at.node);
    if (node.type === 'Identifier') {
      const found = this.#program.follow(at.module, bindingOf(at.module, node.name), depth);
      return found !== null && 'source' in found ? found : null;
    }
    if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return null;
    const whole = depth > deepest ? null : this.external({ module: at.module, node: node.object }, depth + 1);
    const name = memberName(node);
    if (whole === null || name === null) return null;
    const container = whole.name === '*' || whole.name === 'default';
    return { source: whole.source, name: container ? name : `${whole.name}.${name}` };
  }

  /** The expression that a name stands for, in the file where it is written. */
  #target(at: At, depth: number): At {
    const node = bare(at.node);
    if (depth > deepest) return { module: at.module, node };
    const found =
      node.type === 'Identifier'
        ? this.#program.follow(at.module, bindingOf(at.module, node.name))
        : this.#ofNamespace({ module: at.module, node });
    if (found === null || 'source' in found || found.binding.kind !== 'value') return { module: at.module, node };
    return this.#target({ module: found.module, node: found.binding.node }, depth + 1);
  }

  /** `env.secret` of `import * as env from './env'` */
  #ofNamespace({ module, node }: At): ReturnType<Program['export']> {
    if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return null;
    const binding = bindingOf(module, node.object.name);
    const name = memberName(node);
    if (binding.kind !== 'import' || binding.name !== '*' || name === null) return null;
    const path = this.#program.resolve(module.file.path, binding.source);
    return path === null ? null : this.#program.export(path, name);
  }

  #value({ module, node }: At, depth: number): Value {
    if (depth > deepest) return unknown;
    const next = (below: Node) => this.locate({ module, node: below }, depth + 1).value;
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
        return this.#object(module, node, depth);
      case 'ArrayExpression':
        return this.#array(module, node, depth);
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

  #object(module: Module, node: Extract<Node, { type: 'ObjectExpression' }>, depth: number): Value {
    const properties = new Map<string, Located>();
    let open = false;
    for (const each of node.properties) {
      if (each.type === 'SpreadElement') {
        const [spread, sure] = this.#spread(module, each.argument, depth);
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
      else properties.set(name, { ...this.locate({ module, node: each.value }, depth + 1), ...here(module, each) });
    }
    return { kind: 'object', properties, open };
  }

  #array(module: Module, node: Extract<Node, { type: 'ArrayExpression' }>, depth: number): Value {
    const items: Located[] = [];
    let open = false;
    for (const each of node.elements) {
      if (each === null) continue;
      if (each.type !== 'SpreadElement') {
        const [value, sure] = this.#conditional(module, each, depth);
        items.push(...value.map((one) => ({ ...one, sure: one.sure && sure })));
        open ||= value.some((one) => one.value.kind === 'unknown');
        continue;
      }
      const [spread, sure] = this.#spread(module, each.argument, depth);
      if (spread.kind !== 'array') open = true;
      else items.push(...spread.items.map((item) => ({ ...item, sure: item.sure && sure })));
      open ||= spread.kind === 'array' && spread.open;
    }
    return { kind: 'array', items, open };
  }

  /** What a spread brings, and whether it surely does: `...(on ? [jwt()] : [])` may. */
  #spread(module: Module, argument: Node, depth: number): [Value, boolean] {
    const [options, sure] = this.#conditional(module, argument, depth);
    const brings = options.filter(({ value }) => !isEmpty(value));
    if (brings.length === 0) return [options[0]?.value ?? unknown, true];
    return brings.length === 1 ? [(brings[0] as Located).value, sure] : [unknown, false];
  }

  #conditional(module: Module, node: Node, depth: number): [Located[], boolean] {
    const expression = bare(node);
    const locate = (below: Node) => this.locate({ module, node: below }, depth + 1);
    if (expression.type === 'ConditionalExpression')
      return [[locate(expression.consequent), locate(expression.alternate)], false];
    if (expression.type === 'LogicalExpression' && expression.operator === '&&')
      return [[locate(expression.right)], false];
    return [[locate(expression)], true];
  }

  /** `new URL(path, base)`, as far as a base without a path makes it the one after the other. */
  #url(module: Module, [path, base]: readonly Node[], depth: number): Value {
    if (path === undefined) return unknown;
    const text = this.locate({ module, node: path }, depth + 1).value;
    if (base === undefined || text.kind !== 'text') return text;
    const head = this.locate({ module, node: base }, depth + 1).value;
    if (!text.text.startsWith('/')) return unknown;
    return head.kind === 'text' && URL.canParse(text.text, head.text)
      ? { kind: 'text', text: new URL(text.text, head.text).href }
      : { kind: 'suffix', text: text.text, head };
  }

  #call(module: Module, node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>, depth: number): Value {
    const found = this.external({ module, node: node.callee });
    const args = node.arguments.map((argument) => ({ module, node: argument }));
    if (found !== null) return { kind: 'call', ...found, args };
    const { callee } = node;
    if (node.type === 'NewExpression')
      return isGlobal(module, callee, 'URL') ? this.#url(module, node.arguments, depth) : unknown;
    // Deno.env.get('X'), process.env.X.trim()
    if (callee.type === 'MemberExpression') {
      const [first] = node.arguments;
      if (memberName(callee) === 'get' && isEnvironment(bare(callee.object)) && first?.type === 'StringLiteral')
        return { kind: 'env', name: first.value, fallback: null };
      return memberName(callee) === 'filter' ? this.locate({ module, node: callee.object }, depth + 1).value : unknown;
    }
    const target = this.#target({ module, node: callee }, depth);
    const returned = onlyReturn(target.node);
    return returned === null ? unknown : this.locate({ module: target.module, node: returned }, depth + 1).value;
  }
}

function isGlobal({ bindings }: Module, node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name && !bindings.has(name);
}

function here(module: Module, node: Node): At {
  return { module, node };
}
