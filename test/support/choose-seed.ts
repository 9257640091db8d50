/** Before any test: one seed for all processes of this run, another one in each run unless LOCKSTEP_SEED is set. */
export default function setup(): void {
  if (process.env.LOCKSTEP_SEED !== undefined) return;
  process.env.LOCKSTEP_SEED = String(Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`chance: LOCKSTEP_SEED=${process.env.LOCKSTEP_SEED} has it again\n`);
}
