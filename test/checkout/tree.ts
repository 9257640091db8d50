import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CheckoutSeen, Known } from '../../src/checkout/look.js';
import { lookAtCheckout } from '../../src/checkout/look.js';
import { diagnose } from '../../src/core/diagnosis.js';
import type { Evidence } from '../../src/core/evidence/evidence.js';
import type { AnyRule } from '../../src/core/rule.js';
import type { SourceTree } from '../../src/core/source-tree.js';

/** A tree of `trees/NAME.txt`: each file after a line `=== path`. */
export function treeOf(name: string): SourceTree {
  return parseTree(readFileSync(path.join(import.meta.dirname, 'trees', `${name}.txt`), 'utf8'));
}

export function parseTree(text: string): SourceTree {
  const [, ...parts] = text.split(/^=== (.+)\n/m);
  const files = [];
  for (let at = 0; at < parts.length; at += 2) files.push({ path: parts[at] ?? '', text: parts[at + 1] ?? '' });
  return { files, unread: [] };
}

/** One file changed: `from` must be in it, so that a test cannot go by what is not there any more. */
export function changed(tree: SourceTree, file: string, from: string, to: string): SourceTree {
  const found = tree.files.find((each) => each.path === file);
  if (found === undefined || !found.text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  return {
    ...tree,
    files: tree.files.map((each) => (each === found ? { ...each, text: each.text.replace(from, to) } : each)),
  };
}

/** The evidence of nothing but the sources. */
export function evidenceOf({ observations }: CheckoutSeen): Evidence {
  const looks = [{ part: 'checkout' as const, failed: null }];
  return { schemaVersion: 1, version: '0', at: '2026-11-25T00:00:00Z', looks, holders: [], observations };
}

/** Codes of what the rules say of a tree, the likeliest first. */
export function codesOf(rules: readonly AnyRule[], tree: SourceTree, known: Known = {}): string[] {
  return diagnose(rules, evidenceOf(lookAtCheckout(tree, known))).verdicts.map(({ code }) =>
    code.replace('diagnose/', ''),
  );
}
