import type { Node } from '@babel/types';
import type { Module } from './module.js';

/** Where an expression stands. */
export interface At {
  readonly module: Module;
  readonly node: Node;
}

/** A value as far as it can be known without running anything. */
export type Value =
  | { readonly kind: 'text'; readonly text: string }
  /** text of which only the end is known: `${base}/api/auth/jwks`; `head` is what the beginning is */
  | { readonly kind: 'suffix'; readonly text: string; readonly head: Value }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'boolean'; readonly boolean: boolean }
  | { readonly kind: 'nothing' }
  /** a variable of the environment; `fallback` is what stands in for it when it is absent */
  | { readonly kind: 'env'; readonly name: string; readonly fallback: Located | null }
  | { readonly kind: 'object'; readonly properties: ReadonlyMap<string, Located>; readonly open: boolean }
  | { readonly kind: 'array'; readonly items: readonly Located[]; readonly open: boolean }
  /** `source` is a package, `name` what it exports: `better-auth`, `betterAuth` */
  | { readonly kind: 'call'; readonly source: string; readonly name: string; readonly args: readonly At[] }
  | { readonly kind: 'function' }
  | { readonly kind: 'unknown' };

/** A value and where it is written. `sure` is false where a condition decides whether it is there at all. */
export interface Located extends At {
  readonly value: Value;
  readonly sure: boolean;
}

/** A property of an object; undefined where it is surely absent, an unknown value where it may be hidden. */
export function property(value: Value, name: string): Located | 'hidden' | undefined {
  if (value.kind !== 'object') return 'hidden';
  return value.properties.get(name) ?? (value.open ? 'hidden' : undefined);
}

/** The values that something can be: itself, or a fallback. */
export function textOf(value: Value | undefined): string | null {
  return value?.kind === 'text' ? value.text : null;
}
