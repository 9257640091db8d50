import fc from 'fast-check';

/**
 * The seed of this run: LOCKSTEP_SEED, or one that changes with each run. It is printed, so that a failure can be had
 * again.
 */
export const seed = Number(process.env.LOCKSTEP_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** How many times as many cases as usual: LOCKSTEP_CASES=10 for a long run. */
export const cases = (usual: number): number => Math.round(usual * Number(process.env.LOCKSTEP_CASES ?? 1));

/** Milliseconds for one property; a busy machine is no counterexample. */
export const patience = Math.max(120_000, cases(60_000));

fc.configureGlobal({ seed });
process.stdout.write(`fast-check seed ${seed} (LOCKSTEP_SEED)\n`);
