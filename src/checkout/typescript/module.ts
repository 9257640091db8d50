import type { File, Node } from '@babel/types';
import type { SourceFile } from '../../core/source-tree.js';
import { bare, nodesOf } from './parse.js';

/** What a name stands for in a file. */
export type Binding =
  /** `name` is the exported one, `*` for all of them, `default` for the default one */
  | { readonly kind: 'import'; readonly source: string; readonly name: string }
  | { readonly kind: 'value'; readonly node: Node }
  /** a member of a value: `const { a } = value`; `path` leads to it */
  | { readonly kind: 'member'; readonly of: Node; readonly path: readonly string[] }
  /** a parameter: it cannot be known */
  | { readonly kind: 'unknown' };

/** A parsed file: its nodes, what its names stand for, and what it exports. */
export interface Module {
  readonly file: SourceFile;
  readonly nodes: readonly Node[];
  /** all of a name: the scopes are not told apart */
  readonly bindings: ReadonlyMap<string, readonly Binding[]>;
  readonly exports: ReadonlyMap<string, Binding>;
  /** `export * from` */
  readonly stars: readonly string[];
}

const unknown: Binding = { kind: 'unknown' };

export function moduleOf(file: SourceFile, tree: File): Module {
  const nodes = [...nodesOf(tree.program)];
  const bindings = new Map<string, Binding[]>();
  const exports = new Map<string, Binding>();
  const stars: string[] = [];
  const bind = (name: string, binding: Binding) => {
    const known = bindings.get(name);
    if (known === undefined) bindings.set(name, [binding]);
    else known.push(binding);
  };
  for (const node of nodes) {
    // where it stands is told by its offsets; in lines it takes half of all the memory
    node.loc = null;
    if (node.type === 'ImportDeclaration' && node.importKind !== 'type') bindImports(node, bind);
    else if (node.type === 'VariableDeclarator') bindPattern(node.id, node.init ?? null, [], bind);
    else if (node.type === 'FunctionDeclaration' && node.id != null) bind(node.id.name, { kind: 'value', node });
    else if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier')
      bind(node.left.name, { kind: 'value', node: node.right });
    if ('params' in node && Array.isArray(node.params))
      for (const parameter of node.params as Node[]) bindPattern(parameter, null, [], bind);
    if (node.type === 'ExportAllDeclaration') stars.push(node.source.value);
    for (const [name, binding] of exported(node)) exports.set(name, binding);
  }
  return { file, nodes, bindings, exports, stars };
}

type Bind = (name: string, binding: Binding) => void;

function bindImports(node: Extract<Node, { type: 'ImportDeclaration' }>, bind: Bind): void {
  for (const each of node.specifiers) {
    const name =
      each.type === 'ImportNamespaceSpecifier'
        ? '*'
        : each.type === 'ImportDefaultSpecifier'
          ? 'default'
          : nameOf(each.imported);
    bind(each.local.name, { kind: 'import', source: node.source.value, name });
  }
}

function bindPattern(pattern: Node, init: Node | null, path: readonly string[], bind: Bind): void {
  const required = init === null ? null : requiredBy(bare(init));
  if (pattern.type === 'Identifier') {
    if (init === null) bind(pattern.name, unknown);
    else if (required !== null) bind(pattern.name, { kind: 'import', source: required, name: path[0] ?? '*' });
    else bind(pattern.name, path.length === 0 ? { kind: 'value', node: init } : { kind: 'member', of: init, path });
  } else if (pattern.type === 'ObjectPattern') {
    for (const property of pattern.properties) {
      if (property.type === 'RestElement') bindPattern(property.argument, null, [], bind);
      else bindPattern(property.value, init, [...path, nameOf(property.key)], bind);
    }
  } else if (pattern.type === 'AssignmentPattern') {
    bindPattern(pattern.left, null, [], bind);
  } else if (pattern.type === 'ArrayPattern') {
    for (const element of pattern.elements) if (element !== null) bindPattern(element, null, [], bind);
  } else if (pattern.type === 'TSParameterProperty') bindPattern(pattern.parameter, null, [], bind);
}

/** `require('x')`, `await import('x')` */
function requiredBy(node: Node): string | null {
  if (node.type !== 'CallExpression') return null;
  const { callee } = node;
  const [first] = node.arguments;
  const requires = callee.type === 'Import' || (callee.type === 'Identifier' && callee.name === 'require');
  return requires && first?.type === 'StringLiteral' ? first.value : null;
}

/** What a name stands for, where it is bound once; a name declared empty and assigned once counts as that. */
export function bindingOf({ bindings }: Module, name: string): Binding {
  const found = (bindings.get(name) ?? []).filter((each) => each.kind !== 'value' || each.node.type !== 'NullLiteral');
  return found.length === 1 ? (found[0] ?? unknown) : unknown;
}

function exported(node: Node): [string, Binding][] {
  if (node.type === 'ExportDefaultDeclaration') return [['default', { kind: 'value', node: node.declaration }]];
  if (node.type === 'ExportNamedDeclaration') {
    const declared = node.declaration;
    if (declared?.type === 'FunctionDeclaration' && declared.id != null)
      return [[declared.id.name, { kind: 'value', node: declared }]];
    if (declared?.type === 'VariableDeclaration')
      return declared.declarations.flatMap(({ id, init }) => patternExports(id, init ?? null));
    return node.specifiers.flatMap((each): [string, Binding][] => {
      if (each.type !== 'ExportSpecifier') return [];
      const name = each.local.name;
      return [
        [
          nameOf(each.exported),
          node.source == null
            ? { kind: 'value', node: each.local }
            : { kind: 'import', source: node.source.value, name },
        ],
      ];
    });
  }
  return commonExports(node);
}

function patternExports(id: Node, init: Node | null): [string, Binding][] {
  const found: [string, Binding][] = [];
  bindPattern(id, init, [], (name, binding) => found.push([name, binding]));
  return found;
}

/** `module.exports = { auth }`, `module.exports.auth =`, `exports.auth =` */
function commonExports(node: Node): [string, Binding][] {
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return [];
  const { object, property } = node.left;
  const whole = isNamed(object, 'module') && isNamed(property, 'exports');
  if (whole && node.right.type === 'ObjectExpression') {
    return node.right.properties.flatMap((each): [string, Binding][] =>
      each.type === 'ObjectProperty' ? [[nameOf(each.key), { kind: 'value', node: each.value }]] : [],
    );
  }
  if (whole) return [['default', { kind: 'value', node: node.right }]];
  const some =
    isNamed(object, 'exports') || (object.type === 'MemberExpression' && isNamed(object.property, 'exports'));
  return some ? [[nameOf(property), { kind: 'value', node: node.right }]] : [];
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

/** The text of a key: `a`, `'a'`; empty where it is computed. */
export function nameOf(key: Node): string {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'StringLiteral' ? key.value : '';
}
