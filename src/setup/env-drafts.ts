import { Secret } from '../core/secret.js';
import type { Group } from '../env-file/edit.js';
import { forDriver, sameDatabase } from './database-url.js';
import type { Draft, Shown } from './draft.js';
import type { Bytes, Half } from './half.js';
import { edited } from './half.js';
import type { Answers, Topic, Variable, VariableGroup } from './variables.js';
import { variablesOf } from './variables.js';

/** What somebody has asked to change, by flags. Everything else that is there stays as it is. */
export type Wishes = ReadonlySet<Topic>;

interface Change {
  readonly variable: Variable;
  readonly before: Secret | null;
  readonly after: Secret;
}

/** The env file of a side: what is missing, what a wish changes, and the secret where it is another. */
export function envDraft(half: Half, answers: Answers, wishes: Wishes, bytes: Bytes): Draft {
  const { path } = half;
  const before = bytes.get(path) ?? null;
  const groups = variablesOf(half.service, answers);
  const changed = groups.map(({ comment, variables }) => ({
    comment,
    changes: variables.flatMap((variable) => changeOf(half, variable, wishes) ?? []),
  }));
  const all = changed.flatMap(({ changes }) => changes);
  if (all.length === 0) return { path, before, after: before ?? new Uint8Array(), secret: true, shown: [] };
  const lines = ({ changes }: { readonly changes: readonly Change[] }) =>
    changes.map(({ variable: { name }, after }) => ({ name, spelled: half.spelled(name, after) }));
  const after = edited(
    path,
    before,
    changed.map((group): Group => ({ comment: group.comment, lines: lines(group) })),
  );
  half.verify(new Map([...bytes, [path, after]]), new Map(all.map((change) => [change.variable.name, change.after])));
  return { path, before, after, secret: true, shown: all.flatMap(shown) };
}

/** `.env.example`: the names that it does not have yet. It holds no secret. */
export function exampleDraft(half: Half, groups: readonly VariableGroup[], bytes: Bytes): Draft {
  const path = half.examplePath;
  const before = bytes.get(path) ?? null;
  const known = new Set([...namesIn(before)]);
  const missing = groups.map(({ comment, variables }): Group => {
    const lines = variables.filter(({ name }) => !known.has(name));
    return {
      comment,
      lines: lines.map(({ name, example }) => ({
        name,
        spelled: example === '' ? '' : half.spelled(name, new Secret(example)),
      })),
    };
  });
  const after = edited(path, before, missing);
  const added = missing.flatMap(({ lines }) =>
    lines.map(({ name, spelled }): Shown => ({ sign: '+', text: `${name}=${spelled}` })),
  );
  return { path, before, after: added.length === 0 && before !== null ? before : after, secret: false, shown: added };
}

function changeOf(half: Half, variable: Variable, wishes: Wishes): Change | null {
  const { name, topic, value, merge } = variable;
  const wanted = value instanceof Secret ? value : new Secret(value);
  const before = half.value(name);
  if (before === null) return half.undecided(name) && topic !== 'secret' ? null : { variable, before, after: wanted };
  if (topic !== 'secret' && !wishes.has(topic)) return null;
  const after = merge === undefined ? wanted : new Secret(merge(before.reveal()));
  const same = topic === 'database' ? sameDatabase(before, after) && inDialect(before, half) : before.equals(after);
  return same ? null : { variable, before, after };
}

function inDialect(database: Secret, half: Half): boolean {
  return forDriver(database, half.service.driver).equals(database);
}

function shown({ variable, before, after }: Change): Shown[] {
  const line = (sign: Shown['sign'], value: Secret): Shown => ({
    sign,
    text: `${variable.name}=${veiled(variable, value)}`,
  });
  return [...(before === null ? [] : [line('-', before)]), line('+', after)];
}

/** Only what is no secret by its kind is shown, and of a URL not what may be one: who asks, and with what. */
function veiled({ value }: Variable, held: Secret): string {
  if (!(value instanceof Secret))
    return held
      .reveal()
      .replace(/\/\/[^/@\s]*@/, `//${held}@`)
      .replace(/\?.*$/s, `?${held}`);
  const scheme = /^postgres[\w+]*:\/\//.exec(held.reveal())?.[0] ?? '';
  return `${scheme}${held}`;
}

function namesIn(bytes: Uint8Array | null): Set<string> {
  const text = Buffer.from(bytes ?? []).toString('utf8');
  // a name that is commented out is known as well: somebody took it out
  return new Set(
    [...text.matchAll(/^\ufeff?[ \t]*(?:#[ \t]*)?(?:export[ \t]+)?([\w.-]+)[ \t]*=/gm)].map(([, name = '']) => name),
  );
}
