import type { FaultId } from './faults.js';

/** The variable by which a demo process learns its faults: ids with commas. */
export const plantedVariable = 'LOCKSTEP_DEMO_FAULTS';

/** Whether a mistake is to be made. An id that is not in the list of faults does not compile. */
export type Planted = (id: FaultId) => boolean;

/** Whether this process is to make the mistake. */
export const fault: Planted = plantedAmong(process.env[plantedVariable]?.split(',') ?? []);

/** The same for who plants from outside: files, variables and rows, before and after the processes are there. */
export function plantedAmong(ids: readonly string[]): Planted {
  const planted = new Set(ids);
  return (id) => planted.has(id);
}
