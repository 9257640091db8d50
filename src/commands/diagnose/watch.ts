import { rules } from 'virtual:rules';
import { diagnose, diagnosisExit } from '../../core/diagnosis.js';
import { usage } from '../../core/errors.js';
import type { ExitCode } from '../../core/exit.js';
import { Exit } from '../../core/exit.js';
import { plainStyle } from '../../core/style.js';
import { pause } from '../../io/pause.js';
import { renderChange } from '../../report/watch.js';
import type { Call } from '../command.js';
import { inTime } from '../deadline.js';
import { gather } from './gather.js';
import type { Options } from './options.js';

const usualPause = 5;

/**
 * Looks again and again at what costs little, and prints what changes, until it is interrupted: the files, the running
 * frontend without an account, the backend's own answers. Nobody signs in, and the database is left alone.
 */
export async function watch(call: Call<Options>): Promise<ExitCode> {
  const { options, world } = call;
  const seconds = options.watch === true ? usualPause : Number(options.watch);
  if (!(seconds >= 1 && seconds <= 3600))
    throw usage(`--watch ${options.watch}: it is a number of seconds from 1 to 3600`);
  const cheap: Options = { ...options, replicas: '0', database: false, account: false };
  // one key for the whole watch: fingerprints of one look and the next are to be compared
  const key = world.random(32);
  let before: readonly string[] = [];
  let last: ExitCode = Exit.unfinished;
  while (!world.interrupted.aborted) {
    // each look has its own deadline, the watch has none
    last = await inTime({ ...call, options: cheap }, async ({ world: inside, redactor }) => {
      const evidence = await gather(cheap, inside, redactor, (line) => void world.stderr.write(`${line}\n`), key);
      const diagnosis = diagnose(rules, evidence);
      const { text, lines } = renderChange(before, evidence, diagnosis, new Date(world.now()), plainStyle);
      before = lines;
      if (text !== '') world.stdout.write(text);
      return diagnosisExit(diagnosis);
    });
    await pause(world.timer, seconds * 1000, world.interrupted);
  }
  return last;
}
