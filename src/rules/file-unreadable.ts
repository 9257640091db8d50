import type { Evidence } from '../core/evidence/evidence.js';
import type { FileSeen } from '../core/evidence/files.js';
import type { Side } from '../core/evidence/side.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';
import { currentOf, frontendRuns, holderOf, refuses, startedWith, takes } from './facts/fits.js';

const causes = {
  'utf-16': {
    certainty: 'proven',
    text: '{file} of the {side} is UTF-16, of which {loader} reads nothing',
    means: 'no variable of it reaches the process; PowerShell writes such files with >',
    fix: ['`lockstep env check --fix` saves it as UTF-8', 'restart the {side}'],
    weight: 80,
  },
  'byte-order-mark': {
    certainty: 'proven',
    text: '{file} of the {side} begins with a byte order mark, which hides its first variable from {loader}',
    means: 'the first variable has another name than it seems, and the secret is not set',
    fix: ['`lockstep env check --fix` takes it off', 'restart the {side}'],
    weight: 80,
  },
  'no-file': {
    certainty: 'proven',
    text: '{file} of the {side} cannot be read: it is {what}',
    means: 'none of its variables reach the process',
    fix: ['put a readable file there, and restart the {side}'],
    weight: 80,
  },
  release: {
    certainty: 'likely',
    text: 'another release of {loader} reads no secret out of {file} of the {side}',
    means: 'the service has a release that this file is not written for: most often it is a byte order mark',
    fix: ['`lockstep env check --fix` takes a byte order mark off', 'restart the {side}'],
    proof: 'the release of {loader} that the service runs',
    weight: 66,
  },
  ignored: {
    certainty: 'proven',
    text: '{loader} does not take the line of {file} that should set the secret of the {side}',
    means: 'the variable is not set in the process',
    fix: ['write it as NAME=value, without spaces, quotes and `export`', 'restart the {side}'],
    weight: 78,
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'file-unreadable',
  title: 'a side cannot read the secret out of its file',
  causes,
  match: (evidence) => (['frontend', 'backend'] as const).flatMap((side) => hidden(evidence, side)),
});

function hidden(evidence: Evidence, side: Side): Found<typeof causes>[] {
  const files = evidence.files?.[side];
  const current = currentOf(evidence, side);
  if (files !== undefined && files.otherReleases === 'nothing' && breaks(evidence, side)) {
    const data = { side, file: current?.path ?? '', loader: files.loader };
    return [{ cause: 'release', guilty: side, data, because: ['what runs has no secret, and this release reads one'] }];
  }
  if (files === undefined || takes(evidence) || (current !== null && !current.empty)) return [];
  if (startedWith(evidence, side)) return [];
  const about = (file: string) => ({ side, file, loader: files.loader });
  for (const file of files.files) {
    const because = [`${files.loader} finds no ${files.name} in it`];
    if (file.encoding?.startsWith('utf-16'))
      return [{ cause: 'utf-16', guilty: side, data: about(file.path), because }];
    if (file.encoding === 'utf-8-bom' && elsewhere(evidence, side, file))
      return [{ cause: 'byte-order-mark', guilty: side, data: about(file.path), because }];
    if (file.found !== 'absent' && file.found !== 'file') {
      const what = {
        unreadable: 'not readable',
        folder: 'a folder',
        special: 'no regular file',
        'too-large': 'too large',
      }[file.found];
      return [{ cause: 'no-file', guilty: side, data: { ...about(file.path), what }, because }];
    }
    if (elsewhere(evidence, side, file))
      return [
        {
          cause: 'ignored',
          guilty: side,
          data: about(file.path),
          because: [...because, 'another loader finds it there'],
        },
      ];
  }
  return [];
}

/** Another loader finds a secret in that file. */
function elsewhere({ holders }: Evidence, side: Side, { path }: FileSeen): boolean {
  return holders.some((holder) => holder.kind === 'other-loader' && holder.side === side && holder.path === path);
}

/** What runs shows that it was given nothing. */
function breaks(evidence: Evidence, side: Side): boolean {
  if (startedWith(evidence, side)) return false;
  if (side === 'backend') return refuses(evidence) && (evidence.backend?.stranger.status ?? 0) >= 500;
  return frontendRuns(evidence)?.fits.some(({ holder }) => holderOf(evidence, holder)?.kind === 'default') === true;
}
