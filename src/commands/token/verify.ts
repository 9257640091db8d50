import { usage } from '../../core/errors.js';
import type { ExitCode } from '../../core/exit.js';
import { Exit } from '../../core/exit.js';
import { openStyle } from '../../io/coloured.js';
import { renderVerification, renderVerificationJson } from '../../report/token.js';
import { member } from '../../token/json.js';
import { opinions } from '../../token/opinions/opinions.js';
import { readToken } from '../../token/read.js';
import { verifyToken } from '../../token/verify.js';
import type { Call } from '../command.js';
import { defineCommand } from '../command.js';
import type { DeadlineOptions } from '../deadline.js';
import { declareDeadline, inTime } from '../deadline.js';
import { declareReach } from '../reach.js';
import { briefOptions } from './brief.js';
import type { InputOptions } from './input.js';
import { inputText } from './input.js';
import type { KeyOptions } from './key-sources.js';
import { gatherKeys } from './key-sources.js';
import { algorithmsOfFlag, collect, seconds } from './options.js';
import { declareSecrets, secretFlags } from './secret-sources.js';
import { declareDatabase, declareTarget } from './where.js';

interface Options extends KeyOptions, InputOptions, DeadlineOptions {
  readonly iss?: string;
  readonly aud?: readonly string[];
  readonly leeway: string;
  /** the argument, where no parser told it from the options */
  readonly token?: string;
  readonly alg?: readonly string[];
  readonly json?: boolean;
}

const mostLeeway = 300;

const plain = {
  values: [...secretFlags, 'database-url-env', 'auth', 'target', 'config', 'ca-file', 'iss', 'leeway', 'deadline'],
  lists: ['jwks', 'aud', 'alg', 'expect-spki'],
  switches: ['database', 'allow-argv', 'json', 'use-proxy'],
};

export default defineCommand<Options>({
  brief(args) {
    const whole = briefOptions<Options>(args, plain, { leeway: '0s' });
    const last = args.at(-1);
    if (whole !== null || last === undefined || (last.startsWith('-') && last !== '-')) return whole;
    const options = briefOptions<Options>(args.slice(0, -1), plain, { leeway: '0s' });
    return options === null ? null : { ...options, token: last };
  },
  declare(commander) {
    commander
      .argument('[token]', 'a file with the token; - or nothing for standard input')
      .option('--jwks <url-or-file>', 'public keys: a JWKS by URL or file; may be repeated', collect);
    declareSecrets(commander);
    declareDatabase(commander);
    declareDeadline(declareReach(declareTarget(commander)))
      .option('--iss <issuer>', 'what iss must be')
      .option('--aud <audience>', 'what aud must be or hold; repeated: any of them', collect)
      .option('--leeway <time>', 'by how much clocks may differ, at most 5m', '0s')
      .option('--alg <algorithm>', 'only this algorithm; may be repeated (default: what the keys are for)', collect)
      .option('--allow-argv', 'the argument is the token itself')
      .option('--json', 'one JSON object on stdout')
      .addHelpText(
        'after',
        `
Examples:
  $ lockstep token fetch --auth http://localhost:3000 | lockstep token verify --auth http://localhost:3000 -
  $ lockstep token verify --env-file backend/.env --loader python-dotenv --aud https://app.example - < token.txt`,
      );
  },
  run: (call) => inTime(call, verified),
});

async function verified({ options, args, world, redactor }: Call<Options>): Promise<ExitCode> {
  const leeway = seconds('--leeway', options.leeway);
  if (leeway > mostLeeway) throw usage(`--leeway ${options.leeway}: at most ${mostLeeway} s, for a token lives 15 min`);
  const algorithms = algorithmsOfFlag(options.alg);
  const [argument = options.token ?? '-'] = args;
  if (argument === '-' && options.secretFile === '-')
    throw usage('token and secret cannot both come on standard input');
  const text = await inputText(argument, options, world);
  redactor.learn(text.trim());

  const { header } = readToken(text);
  const symmetric = header !== null && String(member(header, 'alg')).startsWith('HS');
  const { keys, again } = await gatherKeys(options, symmetric, algorithms, world, redactor);
  const expected = {
    now: world.now(),
    leeway,
    ...(options.iss === undefined ? {} : { issuer: options.iss }),
    ...(options.aud === undefined ? {} : { audience: options.aud }),
  };
  const verification = await verifyToken(text, {
    ...expected,
    keys,
    ...(again === undefined ? {} : { newerKeys: again }),
    ...(algorithms === undefined ? {} : { algorithms }),
    runKey: world.random(32),
  });
  const said = opinions(verification, expected);
  world.stdout.write(
    options.json === true
      ? renderVerificationJson(verification, said)
      : renderVerification(verification, said, await openStyle(world.stdout, world.env)),
  );
  return verification.valid ? Exit.ok : Exit.problems;
}
