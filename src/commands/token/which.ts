import { resolve } from 'node:path';
import { LockstepError, usage } from '../../core/errors.js';
import type { ExitCode } from '../../core/exit.js';
import { Exit } from '../../core/exit.js';
import type { Redactor } from '../../core/redact.js';
import { renderMatch, renderMatchJson } from '../../report/which.js';
import { headersInARow, longestCredential, readCredential } from '../../token/credential.js';
import type { Key } from '../../token/key.js';
import { createScan } from '../../token/which.js';
import type { World } from '../../world.js';
import type { Call } from '../command.js';
import { defineCommand } from '../command.js';
import type { DeadlineOptions } from '../deadline.js';
import { declareDeadline, inTime } from '../deadline.js';
import type { ReachOptions } from '../reach.js';
import { declareReach, reach } from '../reach.js';
import type { CandidateOptions } from './candidates.js';
import { gatherCandidates } from './candidates.js';
import { stdinText } from './input.js';
import { fromDatabase, fromJwks, pinnedForKeys } from './key-sources.js';
import { lines, tokenOf } from './lines.js';
import { collect } from './options.js';
import type { WhereOptions } from './where.js';
import { declareDatabase, declareTarget } from './where.js';

interface Options extends CandidateOptions, WhereOptions, ReachOptions, DeadlineOptions {
  readonly jwks?: readonly string[];
  readonly json?: boolean;
}

/** Written at once: a system call a line would cost more than the signatures. In characters. */
const batch = 65_536;

export default defineCommand<Options>({
  declare(commander) {
    commander
      .argument(
        '[tokens]',
        'a file with tokens or cookies, one a line, plain or NDJSON; - or nothing for standard input',
      )
      .option('--secret-file <file>', 'a file with a secret; may be repeated', collect)
      .option('--secret-env <name>', 'a variable with a secret; may be repeated', collect)
      .option('--env-file <file>', 'an env file; may be repeated', collect)
      .option('--loader <name>', 'how env files are read; may be repeated (default: every way)', collect)
      .option('--name <variable>', 'its name in the env files (default: BETTER_AUTH_SECRET)')
      .option('--exact', 'only the values as they stand, not what loaders and shells make of them')
      .option('--jwks <url-or-file>', 'public keys: a JWKS by URL or file; may be repeated', collect);
    declareDatabase(commander);
    declareDeadline(declareReach(declareTarget(commander)))
      .option('--json', 'one JSON object a line')
      .addHelpText(
        'after',
        `
Examples:
  $ lockstep token which --env-file frontend/.env.local --env-file backend/.env - < token.txt
  $ lockstep token which --secret-file old.txt --secret-file new.txt --json < tokens.ndjson`,
      );
  },
  run: (call) => inTime(call, told),
});

async function told({ options, args, world, redactor }: Call<Options>): Promise<ExitCode> {
  const candidates = await gatherCandidates(options, world, redactor);
  const keys = await gatherPublicKeys(options, world, redactor);
  if (candidates.length === 1 && keys.length === 0) {
    throw usage('no secret or key to try', 'give --secret-file, --secret-env, --env-file, --jwks or --database');
  }
  const scan = createScan(candidates, keys);
  const header = headersInARow();
  let asked = 0;
  let unmatched = 0;
  let printed = '';
  try {
    for await (const { number, text, whole } of lines(await source(args[0], options, world), longestCredential)) {
      if (world.interrupted.aborted) break;
      const credential = whole ? readCredential(tokenOf(text), header) : { kind: 'unknown' as const, why: 'too long' };
      const names = scan(credential);
      asked += 1;
      if (names.length === 0) unmatched += 1;
      printed +=
        options.json === true ? renderMatchJson(number, credential, names) : renderMatch(number, credential, names);
      if (printed.length < batch) continue;
      world.stdout.write(printed);
      await world.stdout.drained?.();
      printed = '';
    }
  } catch (error) {
    // what came in time is answered, where the rest does not come
    if (!world.interrupted.aborted || asked === 0) throw error;
  }
  if (printed !== '') world.stdout.write(printed);
  if (asked === 0) throw new LockstepError('no-token', 'there was no token to look at', { exit: Exit.unfinished });
  return unmatched === 0 ? Exit.ok : Exit.problems;
}

async function gatherPublicKeys(options: Options, outside: World, redactor: Redactor): Promise<Key[]> {
  const keys: Key[] = [];
  const named = options.auth !== undefined || options.target !== undefined;
  const world = await pinnedForKeys(options, named, outside, redactor);
  for (const place of options.jwks ?? []) keys.push(...(await fromJwks(place, await reach(options, world))).keys);
  if (options.database === true || options.databaseUrlEnv !== undefined) {
    keys.push(...(await fromDatabase(options, world, redactor)));
  }
  if (named) {
    const { resolveTarget } = await import('../../config/target.js');
    const { auth, target: name, config, caFile } = options;
    const target = await resolveTarget({ auth, target: name, config, caFile }, world);
    keys.push(...(await fromJwks(`${target.auth}/jwks`, await reach(options, world, target))).keys);
  }
  return keys;
}

/** Bytes of a file of tokens; more of them come on standard input, which is read as it comes. */
const largest = 64 * 1_048_576;

async function source(file: string | undefined, options: Options, world: World): Promise<AsyncIterable<string>> {
  if (file === undefined || file === '-') {
    if (options.secretFile?.includes('-')) throw usage('tokens and a secret cannot both come on standard input');
    if (world.stdin.isTTY) await stdinText(world, 'a token');
    return world.stdin.chunks(world.interrupted);
  }
  const text = await world.files.read(resolve(world.cwd, file), largest);
  if (text === null)
    throw usage('the file that should hold the tokens is not there', 'give a file, or - for standard input');
  return (async function* () {
    yield text;
  })();
}
