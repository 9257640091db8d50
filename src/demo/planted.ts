import type { FaultId } from './faults.js';

/** The variable by which a demo process learns its faults: ids with commas. */
export const plantedVariable = 'LOCKSTEP_DEMO_FAULTS';

const planted = new Set(process.env[plantedVariable]?.split(','));

/** Whether this process is to make the mistake. An id that is not in the list of faults does not compile. */
export function fault(id: FaultId): boolean {
  return planted.has(id);
}
