import type { FaultId } from './faults.js';
import type { TwinId } from './twins.js';

/** The variable by which a demo process learns its faults and which healthy twin it is: ids with commas. */
export const plantedVariable = 'LOCKSTEP_DEMO_PLANTED';

/** Whether something was asked for. An id that is in no list does not compile. */
export type Planted = (id: FaultId | TwinId) => boolean;

const asked = plantedAmong(process.env[plantedVariable]?.split(',') ?? []);

/** Whether this process is to make the mistake. */
export const fault = (id: FaultId): boolean => asked(id);

/** Whether this process is to have the habit, which is no mistake. */
export const twin = (id: TwinId): boolean => asked(id);

/** The same for who plants from outside: files, variables and rows, before and after the processes are there. */
export function plantedAmong(ids: readonly string[]): Planted {
  const set = new Set(ids);
  return (id) => set.has(id);
}
