import { usage } from '../../core/errors.js';
import type { ExitCode } from '../../core/exit.js';
import { Exit } from '../../core/exit.js';
import type { Redactor } from '../../core/redact.js';
import { freshKey } from '../../io/keys.js';
import type { Breakage } from '../../token/mint.js';
import { breakages, mintToken } from '../../token/mint.js';
import type { World } from '../../world.js';
import type { Call } from '../command.js';
import { defineCommand } from '../command.js';
import type { DeadlineOptions } from '../deadline.js';
import { declareDeadline, inTime } from '../deadline.js';
import { declarePins, pinned } from '../reach.js';
import { briefOptions } from './brief.js';
import { mintClaims } from './mint-claims.js';
import { consentToMint } from './mint-consent.js';
import type { SignerOptions } from './mint-signer.js';
import { findSigner } from './mint-signer.js';
import { collect, seconds } from './options.js';
import { declareSecrets, secretFlags } from './secret-sources.js';
import { databaseOf, declareDatabase, declareTarget, findTarget } from './where.js';

export interface MintOptions extends SignerOptions, DeadlineOptions {
  readonly expectSpki?: readonly string[];
  readonly sub?: string;
  readonly as?: string;
  readonly ttl: string;
  readonly iss?: string;
  readonly aud?: readonly string[];
  readonly claim?: readonly string[];
  readonly expired?: boolean;
  readonly notYet?: boolean;
  readonly wrongAud?: boolean;
  readonly wrongKey?: boolean;
  readonly algNone?: boolean;
  readonly exp?: boolean;
  readonly yes?: boolean;
  readonly confirm?: string;
}

const plain = {
  values: [
    ...secretFlags,
    'database-url-env',
    'alg',
    'auth',
    'target',
    'config',
    'sub',
    'as',
    'ttl',
    'iss',
    'confirm',
    'deadline',
  ],
  lists: ['aud', 'claim', 'expect-spki'],
  switches: ['database', 'expired', 'not-yet', 'wrong-aud', 'wrong-key', 'alg-none', 'yes'],
};

export default defineCommand<MintOptions>({
  brief: (args) => briefOptions<MintOptions>(args, plain, { ttl: '60s', exp: true }),
  declare(commander) {
    declareSecrets(commander);
    declareDatabase(commander).option(
      '--alg <algorithm>',
      'HS256 by the secret, another by the newest such row of jwks',
    );
    declareDeadline(declarePins(declareTarget(commander)))
      .option('--sub <subject>', 'whom the token is for')
      .option('--as <email>', 'whom the token is for, by a row of the database')
      .option('--ttl <time>', 'how long it lives; more than 24h needs --yes', '60s')
      .option('--iss <issuer>', 'iss (default by a jwks row: the origin of Better Auth)')
      .option('--aud <audience>', 'aud; repeated: a list (default by a jwks row: the origin of Better Auth)', collect)
      .option('--claim <name=value>', 'another claim, its value as JSON or text; may be repeated', collect)
      .option('--expired', 'deliberately wrong: expired ten minutes ago')
      .option('--not-yet', 'deliberately wrong: valid in ten minutes')
      .option('--wrong-aud', 'deliberately wrong: for somebody else')
      .option('--wrong-key', 'deliberately wrong: signed by a key that nobody knows')
      .option('--alg-none', 'deliberately wrong: not signed')
      .option('--no-exp', 'deliberately wrong: without exp')
      .option('--yes', 'consent to a lifetime of more than 24h')
      .option('--confirm <target>', 'consent to a token for this production target')
      .addHelpText(
        'after',
        `
Examples:
  $ lockstep token mint --secret-file secret.txt --sub user-1 --ttl 2m
  $ lockstep token mint --database --as ada@example.com --auth http://localhost:3000
  $ lockstep token mint --secret-env BETTER_AUTH_SECRET --sub user-1 --expired`,
      );
  },
  run: (call) => inTime(call, minted),
});

async function minted({ options, world: outside, redactor }: Call<MintOptions>): Promise<ExitCode> {
  const ttl = seconds('--ttl', options.ttl);
  if (ttl === 0) throw usage('--ttl 0: a token lives at least a second', 'for a dead one say --expired');
  const world = await pinnedToRows(options, outside, redactor);
  const { signer, target, database } = await findSigner(options, world, redactor);
  const claims = await mintClaims(options, { signer, target, database }, world, redactor);
  // --claim exp=... is a lifetime too
  const lifetime = typeof claims.exp === 'number' ? claims.exp - world.now() / 1000 : ttl;
  const broken = wanted(options);
  consentToMint(options, broken.includes('no-exp') ? Number.POSITIVE_INFINITY : Math.max(ttl, lifetime), target);
  const stranger = broken.includes('wrong-key') ? freshKey(signer.alg) : null;
  const token = mintToken({ signer, now: world.now(), ttl, claims, broken, stranger });
  if (broken.length > 0) world.stderr.write(`deliberately wrong: ${broken.join(', ')}\n`);
  world.stdout.write(`${token}\n`);
  return Exit.ok;
}

/** The database is all that is contacted here. */
async function pinnedToRows(options: MintOptions, world: World, redactor: Redactor): Promise<World> {
  if (options.expectSpki === undefined) return world;
  return pinned(options, world, [databaseOf(options, await findTarget(options, world), world, redactor).url]);
}

function wanted(options: MintOptions): Breakage[] {
  const asked: Readonly<Record<Breakage, boolean | undefined>> = {
    expired: options.expired,
    'not-yet': options.notYet,
    'wrong-aud': options.wrongAud,
    'wrong-key': options.wrongKey,
    'alg-none': options.algNone,
    'no-exp': options.exp === false,
  };
  return breakages.filter((breakage) => asked[breakage] === true);
}
