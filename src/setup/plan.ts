import { lineEnd } from '../env-file/edit.js';
import type { Draft } from './draft.js';
import { changes, openDraft } from './draft.js';
import type { Wishes } from './env-drafts.js';
import { envDraft, exampleDraft } from './env-drafts.js';
import { ignores, withPatterns } from './git-ignore.js';
import type { Bytes } from './half.js';
import { filesOf, Half } from './half.js';
import type { Service, Side } from './service.js';
import { sides, within } from './service.js';
import type { Answers } from './variables.js';
import { examplesOf } from './variables.js';

export type Services = Readonly<Record<Side, Service>>;

export const ignoreFile = '.gitignore';
export const configFile = 'lockstep.json';

/** Every file that a plan looks at, from the folder of lockstep.json. */
export function filesToRead(services: Services): string[] {
  const own = sides.flatMap((side) => {
    const { dir, env } = services[side];
    return [...filesOf(services[side]), within(dir, env), within(dir, '.env.example'), within(dir, ignoreFile)];
  });
  return [...new Set([ignoreFile, configFile, ...own])];
}

/**
 * What `init` would change, in the order in which it is written: what keeps secrets out of git first. Pure; the same
 * files and answers always give the same plan, and after it is carried out the plan is empty.
 */
export function planFiles(services: Services, answers: Answers, wishes: Wishes, bytes: Bytes, config: string): Draft[] {
  const drafts = new Map<string, Draft>();
  let now = bytes;
  const add = (draft: Draft) => {
    const earlier = drafts.get(draft.path);
    // one file may serve both sides
    const joined =
      earlier === undefined ? draft : { ...draft, before: earlier.before, shown: [...earlier.shown, ...draft.shown] };
    drafts.set(draft.path, joined);
    now = new Map([...now, [draft.path, draft.after]]);
  };
  add(ignoreDraft(services, bytes));
  for (const side of sides) add(envDraft(new Half(services[side], now), answers, wishes, now));
  for (const side of sides) add(exampleDraft(new Half(services[side], now), examplesOf(services[side], answers), now));
  add(openDraft(configFile, bytes.get(configFile) ?? null, config));
  return [...drafts.values()].filter(changes);
}

/** Env files, their backups, and what a run that was cut leaves behind stay out of git. */
function ignoreDraft(services: Services, bytes: Bytes): Draft {
  const before = bytes.get(ignoreFile) ?? null;
  const text = before === null ? '' : Buffer.from(before).toString('latin1');
  const needed = new Set<string>();
  for (const side of sides) {
    const { dir, env } = services[side];
    const name = env.split('/').at(-1) as string;
    const own = Buffer.from(bytes.get(within(dir, ignoreFile)) ?? []).toString('latin1');
    const kept = (file: string) => ignores(text, within(dir, file)) || ignores(own, file);
    if (!kept(env)) needed.add(name);
    if (!kept(`${env}.bak.20000101T000000.000Z`)) needed.add(name.startsWith('.env') ? '.env*.bak.*' : `${name}.bak.*`);
    if (!kept('.lockstep.1-00000000.0.new')) needed.add('.lockstep.*');
  }
  if (!ignores(text, '.lockstep.1-00000000.journal')) needed.add('.lockstep.*');
  const draft = openDraft(ignoreFile, before, '');
  const after = Buffer.from(withPatterns(text, [...needed], lineEnd(text)), 'latin1');
  return { ...draft, after, shown: [...needed].map((pattern) => ({ sign: '+', text: pattern })) };
}
