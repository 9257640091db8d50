import type { Document, Fault, Path } from './document.js';
import { nodeAt, readDocument } from './document.js';
import { Page } from './excerpt.js';
import { vocabulary } from './keys.js';
import type { Mistake, Origin } from './mistake.js';
import { referenced } from './reference.js';
import type { Config } from './schema.js';
import type { Token } from './tokens.js';
import { violations } from './violations.js';

/** A file as it was read; `name` is how messages call it. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** `env:NAME` at a place where it stands for the variable's value. */
interface Reference {
  /** the target that has it */
  readonly target: string;
  /** below the target: `users.a.password` */
  readonly setting: string;
  readonly variable: string;
  readonly origin: Origin;
  readonly excerpt: string;
}

/** lockstep.json, read whole, with what is wrong in it. */
export interface Parsed {
  readonly name: string;
  /** null when there are mistakes */
  readonly config: Config | null;
  /** it is JSON with comments: what stands in it was meant to stand there */
  readonly readable: boolean;
  /** in the order of the file; a hundred at most */
  readonly mistakes: readonly Mistake[];
  /** the names of the targets, as far as they can be read */
  readonly targets: readonly string[];
  readonly references: readonly Reference[];
  /** where the value at a path is written; its nearest ancestor that is written, where it is not */
  origin(path: Path): Origin;
}

/** Reads lockstep.json. Pure; wrong files are values too, so that all mistakes of all sources can be told at once. */
export function parseConfig({ name, text: raw }: Source): Parsed {
  const text = raw.startsWith('\ufeff') ? raw.slice(1) : raw;
  const document = readDocument(text);
  const page = new Page(text, document.tokens);
  const shows = visible(document);
  const at = (offset: number): Origin => ({ kind: 'file', file: name, ...page.position(offset) });
  const faults = [...document.syntax, ...document.keys, ...(document.root === undefined ? [] : violations(document))];
  const mistakes = firstOf(faults.sort((a, b) => a.offset - b.offset)).map(
    ({ offset, text }): Mistake => ({ origin: at(offset), text, excerpt: page.excerpt(offset, shows) }),
  );
  const targets = names(document);
  return {
    name,
    config: mistakes.length === 0 ? (structuredClone(document.value) as Config) : null,
    readable: document.syntax.length === 0,
    mistakes,
    targets,
    references: targets.flatMap((target) => {
      const settings = nodeAt(document.root, ['targets', target]);
      return referable.flatMap((setting) => {
        const node = nodeAt(settings, setting.split('.'));
        const variable = typeof node?.value === 'string' ? referenced(node.value) : null;
        if (node === undefined || variable === null) return [];
        return { target, setting, variable, origin: at(node.offset), excerpt: page.excerpt(node.offset, shows) };
      });
    }),
    origin: (path) => at(nearestNode(document, path)),
  };
}

/** Mistakes that are told one by one. */
const most = 100;

/** As many faults as anybody reads; the last of them says how many more there are. */
function firstOf(faults: readonly Fault[]): readonly Fault[] {
  const more = faults.length - most;
  if (more <= 0) return faults;
  return faults.slice(0, most).map((fault, i) => {
    return i < most - 1 ? fault : { ...fault, text: `${fault.text}; and ${more} more mistakes follow` };
  });
}

const referable = [
  'database',
  ...['users.a', 'users.b', 'admin'].flatMap((who) => [`${who}.email`, `${who}.password`]),
];

/**
 * What an excerpt may show: the keys of a sound file; of a broken one, where a value may look like a key, only words
 * that the schema knows.
 */
function visible({ root, syntax }: Document): (token: Token) => boolean {
  if (syntax.length > 0) return ({ text }) => vocabulary.has(text);
  const keys = new Set<number>();
  const collect = (node: Document['root']): void => {
    for (const child of node?.children ?? []) {
      const key = node?.type === 'property' && child === node.children?.[0];
      if (key) keys.add(child.offset);
      else collect(child);
    }
  };
  collect(root);
  return ({ offset }) => keys.has(offset);
}

function names({ root }: Document): string[] {
  const node = nodeAt(root, ['targets']);
  const keys =
    node?.type === 'object' ? (node.children ?? []).map((member) => String(member.children?.[0]?.value)) : [];
  return [...new Set(keys)];
}

function nearestNode({ root }: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(root, path.slice(0, length));
    if (node !== undefined) return node.offset;
  }
  return root?.offset ?? 0;
}
