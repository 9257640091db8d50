import { appendFileSync } from 'node:fs';

const seen = new Map<string, number>();
let asked = '';

/**
 * A place where a run may be cut, for the tests that prove that cutting does no harm. Does nothing unless the
 * environment says so: `LOCKSTEP_KILL_RECORD=FILE` writes the names of the points that a run passes,
 * `LOCKSTEP_KILL_AT=NAME` ends the process there as kill -9 does, `NAME=SIGINT` sends it that signal, `NAME=UNCAUGHT`
 * throws where nobody catches, `NAME=ENOSPC` lets the step fail with that error; several with commas between. A name
 * that comes again gets a number: `rename`, `rename.2`; it counts anew when the environment asks for something else.
 */
export function killPoint(step: string): void {
  const { LOCKSTEP_KILL_AT: at, LOCKSTEP_KILL_RECORD: record } = process.env;
  if (at === undefined && record === undefined) return;
  if (asked !== `${at} ${record}`) seen.clear();
  asked = `${at} ${record}`;
  const times = (seen.get(step) ?? 0) + 1;
  seen.set(step, times);
  const name = times === 1 ? step : `${step}.${times}`;
  if (record !== undefined) appendFileSync(record, `${name}\n`);
  const found = at?.split(',').find((wanted) => wanted === name || wanted.startsWith(`${name}=`));
  if (found === undefined) return;
  const act = found.slice(name.length + 1) || 'SIGKILL';
  if (act.startsWith('SIG')) process.kill(process.pid, act as NodeJS.Signals);
  else if (act === 'UNCAUGHT') {
    setImmediate(() => {
      throw new Error(`injected at ${name}`);
    });
  } else throw Object.assign(new Error(`${act}: injected at ${name}`), { code: act });
}
