/**
 * The seed of all chance in this run, which `choose-seed.ts` chose and printed, or whoever wants to have a run again:
 * LOCKSTEP_SEED.
 */
export const seed = Number(process.env.LOCKSTEP_SEED || Number.NaN);
if (!Number.isInteger(seed))
  throw new Error(`LOCKSTEP_SEED=${process.env.LOCKSTEP_SEED} is no seed: a whole number is`);

/** How many times as many cases as usual: LOCKSTEP_CASES=10 for a long run. */
export const cases = (usual: number): number => Math.round(usual * Number(process.env.LOCKSTEP_CASES ?? 1));

/** Milliseconds for one property; a busy machine is no counterexample. */
export const patience = Math.max(120_000, cases(60_000));
