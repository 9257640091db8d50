import { spawnSync } from 'node:child_process';

/**
 * Runs each command once a round, in turn, after one round that is not counted; the first one is the reference.
 * @param {number} count
 * @param {Record<string, { command: string, args: string[], env?: Record<string, string | undefined>, input?: string }>} contenders
 */
export async function rounds(count, contenders) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, /** @type {number[]} */ ([])]));
  for (let round = -1; round < count; round += 1) {
    for (const [name, { command, args, env = process.env, input }] of Object.entries(contenders)) {
      const began = performance.now();
      const { status, stderr, error } = spawnSync(command, args, {
        env,
        ...(input === undefined ? {} : { input }),
        stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
      });
      const ms = performance.now() - began;
      if (status !== 0) throw new Error(`${name} ended with ${status}: ${error ?? stderr}`);
      if (round >= 0) times[name]?.push(ms);
    }
  }
  return times;
}

/**
 * Prints medians, the spread, and the median of the per-round ratios to the first row.
 * @param {Record<string, number[]>} times
 */
export function table(times) {
  const [reference = []] = Object.values(times);
  const width = Math.max(...Object.keys(times).map((name) => name.length));
  console.log(`${'-'.repeat(width)}  median ms   min-max ms  ratio  (${reference.length} rounds)`);
  for (const [name, own] of Object.entries(times)) {
    const ratio = median(own.map((ms, i) => ms / (reference[i] ?? Number.NaN)));
    const spread = `${Math.min(...own).toFixed(0)}-${Math.max(...own).toFixed(0)}`;
    console.log(
      `${name.padEnd(width)}  ${median(own).toFixed(1).padStart(9)}  ${spread.padStart(11)}  ${ratio.toFixed(2).padStart(5)}`,
    );
  }
}

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
