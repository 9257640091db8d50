import type { Redactor } from '../../core/redact.js';
import { outcome } from '../../core/report.js';
import type { Standing } from '../../report/standing.js';
import type { World } from '../../world.js';
import { examined } from '../env/examine.js';
import { findServices } from '../env/services.js';

/** The env files of both halves, in a line. */
export interface Look {
  readonly row: Standing['rows'][number];
  /** there is something to compare */
  readonly written: boolean;
}

export async function lookAtFiles(world: World, redactor: Redactor): Promise<Look> {
  const { known, lacking, wrong } = await findServices({}, world);
  const [frontend, backend] = known;
  if (wrong.length > 0) return { row: ['env files', wrong.join('; '), 'bad'], written: true };
  if (frontend === undefined || backend === undefined)
    return {
      row: ['env files', `no folder here looks like the one ${lacking.join(' or the ')}`, 'open'],
      written: false,
    };
  const report = await examined([frontend, backend], { mode: 'development' }, world, redactor);
  const findings = report.results.flatMap((result) => result.findings);
  const ended = outcome(report);
  if (ended === 'unfinished') return { row: ['env files', 'neither half has any', 'open'], written: false };
  const paths = report.services
    .flatMap(({ files }) => files.filter(({ found }) => found.kind === 'file').map(({ path }) => path))
    .join(', ');
  if (ended === 'ok') return { row: ['env files', `in step: ${paths}`, 'good'], written: true };
  const count = findings.length === 1 ? 'a finding' : `${findings.length} findings`;
  return { row: ['env files', `out of step, ${count}: ${paths}`, 'bad'], written: true };
}
