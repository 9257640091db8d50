import type { Command as Commander } from 'commander';
import type { Flags } from '../../config/target.js';
import { loaderNames } from '../../env-file/loader-name.js';
import type { DeadlineOptions } from '../deadline.js';
import { declareDeadline } from '../deadline.js';
import { declareServices } from '../env/options.js';
import type { ServiceOptions } from '../env/services.js';
import { optionsOf, plainFlags } from '../plain-flags.js';
import { declareReach } from '../reach.js';
import { collect } from '../token/options.js';

export interface Options extends ServiceOptions, DeadlineOptions, Omit<Flags, 'config'> {
  readonly useProxy?: boolean;
  readonly expectSpki?: readonly string[];
  readonly mode: string;
  readonly also?: readonly string[];
  readonly pidFrontend?: string;
  readonly pidBackend?: string;
  /** false: none */
  readonly database?: boolean;
  readonly databaseUrlEnv?: string;
  readonly tokenFile?: readonly string[];
  readonly cookieFile?: readonly string[];
  readonly har?: readonly string[];
  /** a folder; true where none was named: this one */
  readonly checkout?: string | true;
  readonly replicas: string;
  /** false: nobody signs in, though users are known */
  readonly account?: boolean;
  readonly offline?: boolean;
  readonly record?: string;
  readonly replay?: string;
  /** seconds; true where no number was given */
  readonly watch?: string | true;
  readonly json?: boolean;
}

/** Asked for again and again in an incident: its plain command lines need no parser. */
export function brief(args: readonly string[]): Options | null {
  const flags = plainFlags(args, valued, ['json', 'offline']);
  if (flags === null) return null;
  const loaders = [flags['frontend-loader'], flags['backend-loader']];
  if (loaders.some((name) => name !== undefined && !loaderNames.some((known) => known === name))) return null;
  return { mode: 'development', replicas: '20', ...optionsOf(flags) };
}

/** those that take one word; the others are left to the parser */
const valued = [
  ...['auth', 'api', 'target', 'config', 'user-a', 'user-b', 'me', 'token-route', 'trust'],
  ...['frontend', 'backend', 'frontend-loader', 'backend-loader', 'mode'],
  ...['database-url-env', 'record', 'replay', 'replicas', 'ca-file', 'deadline'],
];

/** What is looked at, and how. */
export function declareLooks(commander: Commander): Commander {
  commander
    .option('--auth <url>', 'base URL of Better Auth')
    .option('--api <url>', 'base URL of the API')
    .option('--target <name>', 'target of lockstep.json')
    .option('--config <file>', 'another lockstep.json')
    .option('--user-a <email>', 'a user to sign in as; password in LOCKSTEP_A_PASSWORD')
    .option('--user-b <email>', 'another one, for comparison; password in LOCKSTEP_B_PASSWORD')
    .option('--me <path>', 'route of the API that says who the caller is')
    .option('--token-route <path>', 'route that gives a token, under the auth URL')
    .option('--trust <how>', 'how the API trusts tokens: auto, jwks or shared-secret');
  return declareDeadline(declareReach(declareServices(commander)))
    .option('--also <path>', 'env file or folder of another environment; may be repeated', collect)
    .option('--pid-frontend <number>', 'the process of the frontend (else the one that listens on its port here)')
    .option('--pid-backend <number>', 'the process of the backend')
    .option('--database-url-env <name>', 'the database by the URL in this variable')
    .option('--no-database', 'leave the database alone')
    .option('--token-file <file>', 'a token that somebody got or sent; may be repeated', collect)
    .option('--cookie-file <file>', 'a session cookie; may be repeated', collect)
    .option('--har <file>', 'recorded traffic with tokens or cookies; may be repeated', collect)
    .option('--checkout [dir]', 'read the source trees of both sides under a folder; nothing of them is run')
    .option('--replicas <number>', 'fresh connections that are tried for replicas that differ; 0 for none', '20')
    .option('--no-account', 'sign in as nobody, though users are known')
    .option('--offline', 'only files, processes and the database: nothing is sent over HTTP');
}

export function declareOptions(commander: Commander): void {
  declareLooks(commander)
    .option('--record <file>', 'write the evidence, without secrets')
    .option('--replay <file>', 'judge such a file again, and look at nothing')
    .option('--watch [seconds]', 'look again and again, and print what changes')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      `
Examples:
  $ lockstep diagnose
  $ lockstep diagnose --auth http://localhost:3000 --api http://localhost:8000 --user-a ada@example.com
  $ lockstep diagnose --offline --frontend web --backend api --also ../staging
  $ lockstep diagnose --offline --checkout
  $ lockstep diagnose --record evidence.json; lockstep diagnose --replay evidence.json`,
    );
}
