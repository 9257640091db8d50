import type { Command as Commander } from 'commander';
import type { Flags } from '../config/target.js';
import { refused, usage } from '../core/errors.js';
import type { Target } from '../core/target.js';
import { parseDuration } from '../token/duration.js';
import type { ReportOptions } from './check-reports.js';
import { declareReports } from './check-reports.js';
import { usualDeadline } from './deadline.js';
import { optionsOf, plainFlags } from './plain-flags.js';
import { declareReach } from './reach.js';

export interface Options extends Flags, ReportOptions {
  readonly useProxy?: boolean;
  readonly expectSpki?: readonly string[];
  readonly only?: readonly string[];
  readonly list?: boolean;
  readonly strict?: boolean;
  readonly allowWrites?: boolean;
  readonly allowNoisy?: boolean;
  readonly confirm?: string;
  readonly maxWait: string;
  readonly wait?: string;
  readonly deadline: string;
  readonly secretFile?: string;
  readonly secretEnv?: string;
  readonly files?: boolean;
}

/** Run before each deployment: its plain command lines need no parser. */
export function brief(args: readonly string[]): Options | null {
  const words = [...args];
  const names = words.splice(0, wordsBefore(words, 0));
  const at = words.indexOf('--only');
  const only = at === -1 ? [] : words.splice(at, 1 + wordsBefore(words, at + 1)).slice(1);
  const flags = plainFlags(words, valued, switches);
  if (flags === null || (at !== -1 && only.length === 0)) return null;
  const asked = [...names, ...only];
  return {
    maxWait: usualWait,
    deadline: usualDeadline,
    ...optionsOf(flags),
    ...(asked.length > 0 && { only: asked }),
  };
}

/** How many words there are from a place on before the next flag. */
function wordsBefore(words: readonly string[], from: number): number {
  const flag = words.slice(from).findIndex((word) => word.startsWith('-'));
  return flag === -1 ? words.length - from : flag;
}

const usualWait = '10s';
/** those that take one word; what may be repeated or denied is left to the parser */
const valued = [
  ...['auth', 'api', 'target', 'config', 'user-a', 'user-b', 'me', 'tasks', 'socket', 'socket-auth', 'token-route'],
  ...['trust', 'admin', 'confirm', 'max-wait', 'deadline', 'wait', 'secret-file', 'secret-env', 'trace', 'ca-file'],
];
const switches = [
  ...['sign-up', 'production', 'list', 'strict', 'allow-writes', 'allow-noisy', 'files', 'use-proxy'],
  ...['json', 'ndjson', 'quiet', 'verbose'],
];

export function declareOptions(commander: Commander): void {
  declareReach(commander)
    .argument('[checks...]', 'ids or groups of checks: token, ws/connects-after-auth')
    .option('--auth <url>', 'base URL of Better Auth')
    .option('--api <url>', 'base URL of the API')
    .option('--target <name>', 'target of lockstep.json')
    .option('--config <file>', 'another lockstep.json')
    .option('--user-a <email>', 'first user; password in LOCKSTEP_A_PASSWORD')
    .option('--user-b <email>', 'second user; password in LOCKSTEP_B_PASSWORD')
    .option('--sign-up', 'make the users that are not given, for this run, where they can be removed again')
    .option('--admin <email>', 'may remove them through the admin plugin; password in LOCKSTEP_ADMIN_PASSWORD')
    .option('--me <path>', 'route that says who the caller is')
    .option('--tasks <path>', 'collection of something that users own')
    .option('--socket <url>', 'WebSocket URL')
    .option('--socket-auth <how>', 'query:NAME, subprotocol, header or message')
    .option('--token-route <path>', 'route that gives a token, under the auth URL')
    .option('--trust <how>', 'how the API trusts tokens: auto, jwks or shared-secret')
    .option('--production', 'treat it as production: nothing is written without --allow-writes')
    .option('--no-production', 'treat it as no production, whatever its address')
    .option('--only <id...>', 'only these checks or groups, and what they need')
    .option('--list', 'print the plan and contact nobody')
    .option('--strict', 'warnings and skipped core checks count as problems')
    .option('--allow-writes', 'consent to create and delete objects of the test users on production')
    .option('--allow-noisy', 'consent to reach limits and to break frames; on production with --confirm HOST')
    .option('--confirm <host>', 'the host of the auth server, typed: consent on production')
    .option('--max-wait <duration>', 'how long a check may wait to see what time does', usualWait)
    .option('--deadline <duration>', 'cut what is not done after so long, and still take back', usualDeadline)
    .option('--wait <duration>', 'wait so long for a deployment that is still booting: 60s')
    .option('--secret-file <file>', 'a secret that may be the right one in a file; - for standard input')
    .option('--secret-env <name>', 'a secret that may be the right one in this variable')
    .option('--files', "the checkout's env files are those of the deployment; for one on this machine they are")
    .option('--no-files', 'leave the env files of the checkout alone');
  declareReports(commander);
  commander.addHelpText(
    'after',
    `
  Examples:
    $ lockstep check --auth http://localhost:3000 --api http://localhost:8000
    $ lockstep check --auth http://localhost:3000 --api http://localhost:8000 --sign-up
    $ lockstep check token ws --target staging --json
    $ lockstep check --target staging --report junit=junit.xml --report html=report.html`,
  );
}

/** Milliseconds of `--max-wait`. */
export function longestOf({ maxWait }: Pick<Options, 'maxWait'>): number {
  const seconds = parseDuration(maxWait);
  if (seconds === null || seconds > 900) throw usage(`--max-wait ${maxWait}: it is a time up to 15m, such as 90s`);
  return seconds * 1000;
}

/** Milliseconds of `--wait`, 0 without. */
export function patienceOf({ wait }: Pick<Options, 'wait'>): number {
  if (wait === undefined) return 0;
  const seconds = parseDuration(wait);
  if (seconds === null || seconds > 3600) throw usage(`--wait ${wait}: it is a time up to 1h, such as 60s`);
  return seconds * 1000;
}

/** Noise on production wants the host typed, so that a command line from staging does not do it. */
export function confirmNoise(target: Target, { allowNoisy, confirm }: Pick<Options, 'allowNoisy' | 'confirm'>): void {
  const { host } = new URL(target.auth);
  if (allowNoisy !== true || !target.production || confirm === host) return;
  throw refused(
    'noise-unconfirmed',
    `${target.name} counts as production`,
    `--confirm ${host} consents to noise there`,
  );
}
