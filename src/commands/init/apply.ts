import { relative, resolve } from 'node:path';
import { refused } from '../../core/errors.js';
import type { Draft } from '../../setup/draft.js';
import type { Prompt, World } from '../../world.js';
import type { Options } from './options.js';

/** Asks for consent and writes all of the drafts or none. Returns the backups, from the folder of lockstep.json. */
export async function apply(
  drafts: readonly Draft[],
  root: string,
  { yes, follow, json }: Options,
  someone: Prompt | null,
  { workspace, stdout, stderr }: World,
): Promise<string[]> {
  const files = drafts.length === 1 ? '1 file' : `${drafts.length} files`;
  if (yes !== true) {
    if (someone === null)
      throw refused('unconfirmed', `nobody is there to agree to ${files}; nothing is written`, 'pass --yes');
    if (!(await someone.yes({ question: `write ${files}?` })))
      throw refused('declined', 'nothing is written', 'lockstep init');
  }
  const changes = drafts.map(({ path, before, after, secret }) => ({
    path: resolve(root, path),
    before,
    after,
    secret,
  }));
  const backups = (await workspace.write(changes, root, follow === true)).map((path) => relative(root, path));
  if (json === true) return backups;
  stdout.write(`\n${files} written\n`);
  for (const backup of backups) stderr.write(`lockstep: the old file is kept as ${backup}\n`);
  return backups;
}
