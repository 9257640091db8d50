import type { Evidence } from '../core/evidence/evidence.js';
import type { Side } from '../core/evidence/side.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';
import {
  backendRuns,
  currentOf,
  frontendRuns,
  isExactly,
  isNothing,
  needsNoSecret,
  other,
  startedWith,
  takes,
} from './facts/fits.js';

const write = '`lockstep init` writes the same value into both files';

const causes = {
  'not-set': {
    certainty: 'proven',
    text: 'the {side} has no secret: {where} sets no {name}',
    means: '{consequence}',
    fix: [write, 'restart the {side}'],
    weight: 66,
  },
  empty: {
    certainty: 'proven',
    text: 'the secret of the {side} is empty: {name} in {where} is set to nothing',
    means: '{consequence}',
    fix: [write, 'restart the {side}'],
    weight: 67,
  },
  'other-name': {
    certainty: 'likely',
    text: 'the {side} has the secret under another name: {found}, not {name}',
    means: 'the code of the {side} looks for {name} and finds nothing',
    fix: [
      'rename it to {name} in {where}',
      'or say that the code reads it so: `lockstep diagnose --{side}-secret-name {variable}`',
    ],
    proof: 'a running {side} that can be asked',
    weight: 66,
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'secret-missing',
  title: 'a side has no secret at all',
  causes,
  match(evidence) {
    return (['frontend', 'backend'] as const).flatMap((side) => lacking(evidence, side));
  },
});

const consequences = {
  frontend:
    "Better Auth then takes its public default, in production it does not start: nobody's session is worth anything",
  backend: 'the backend refuses or breaks at every token',
} as const;

function lacking(evidence: Evidence, side: Side): Found<typeof causes>[] {
  const files = evidence.files?.[side];
  const seen = evidence.looks.some(({ part, failed }) => part === `files of the ${side}` && failed === null);
  if (files === undefined || !seen || runsSomething(evidence, side)) return [];
  if (side === 'backend' && (takes(evidence) || needsNoSecret(evidence))) return [];
  const current = currentOf(evidence, side);
  if (current !== null && !current.empty) return [];
  const where =
    current?.path ??
    files.files
      .filter(({ found }) => found !== 'absent')
      .map(({ path }) => path)
      .join(', ');
  const about = { side, name: files.name, where, consequence: consequences[side] };
  const theirs = currentOf(evidence, other(side));
  const elsewhere = evidence.holders.find(
    ({ kind, side: owner, fingerprint, empty }) =>
      kind === 'other-name' && owner === side && !empty && fingerprint === theirs?.fingerprint,
  );
  if (elsewhere !== undefined) {
    const data = { ...about, found: elsewhere.id, variable: elsewhere.name };
    const certainty = runsNothing(evidence, side) ? ('proven' as const) : ('likely' as const);
    const because = [`${elsewhere.id} has the value of the other side`];
    return [{ cause: 'other-name', guilty: side, data, certainty, because }];
  }
  const because = [`${where}, as ${files.loader} reads it`];
  const found = { guilty: side, data: about, because };
  return current === null ? [{ cause: 'not-set', ...found }] : [{ cause: 'empty', ...found }];
}

/** Its secret comes to the running side another way. */
function runsSomething(evidence: Evidence, side: Side): boolean {
  if (startedWith(evidence, side)) return true;
  if (side === 'backend') return false;
  const fallback = evidence.holders.find(({ kind }) => kind === 'default') ?? null;
  const runs = frontendRuns(evidence);
  return runs !== null && runs.fits.length > 0 && !isExactly(runs.fits, fallback);
}

/** What runs was asked, and has nothing. */
function runsNothing(evidence: Evidence, side: Side): boolean {
  const fits = (side === 'backend' ? backendRuns(evidence) : frontendRuns(evidence))?.fits ?? [];
  return fits.some(({ variant }) => isNothing(variant));
}
