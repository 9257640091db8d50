import type { Outage } from './bent.js';
import type { Walk } from './walk.js';

/** How much longer than a healthy run one may take in which a part goes away: limits of an exchange, and of what is taken back. */
const slack = 60_000;

/** Skipped where a stream is over too soon for it, which is a matter of how busy a machine is. */
const quick = 'refresh/stream-survives-token-expiry';

/**
 * What is wrong with a run in which a part went away; empty where nothing is. It may find nothing that the healthy run does
 * not find, and end with 0 or 3. `alone`: the one check that was asked for; it passes only where it has lost nothing, or all
 * came back and it has asked again.
 */
export function judged(healthy: Walk, seen: Walk, { way }: Pick<Outage, 'way'>, alone: string | null): string[] {
  const wrong: string[] = [];
  if (seen.trouble !== null) wrong.push(`ends with ${seen.trouble}`);
  else if (seen.code !== 0 && seen.code !== 3) wrong.push(`exit ${seen.code}`);
  if (seen.ms > healthy.ms + slack) wrong.push(`${seen.ms} ms instead of ${healthy.ms}`);
  const before = new Map(healthy.results.map((result) => [result.check, result]));
  if (seen.results.length !== healthy.results.length) wrong.push('not every check has a result');
  for (const { check, verdict, findings } of seen.results) {
    const known = before.get(check)?.findings.map(({ code }) => code) ?? [];
    for (const { code, text } of findings) if (!known.includes(code)) wrong.push(`${verdict} ${code}: ${text}`);
    if (verdict === 'pass' && before.get(check)?.verdict !== 'pass' && check !== quick)
      wrong.push(`${check} passes only now`);
    const lost = check === alone ? (seen.ends[check]?.lost ?? 0) : 0;
    if (verdict === 'pass' && lost > 0 && way !== 'blip') wrong.push(`${check} passes, and has lost ${lost} exchanges`);
  }
  return wrong;
}
