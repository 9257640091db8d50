import { LockstepError, usage } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { Redactor } from '../../core/redact.js';
import type { Target } from '../../core/target.js';
import type { NamedDatabase } from '../../io/jwks-rows.js';
import type { RowFault } from '../../token/jwks-row.js';
import { newestLive, openPrivateKey, rowSigner } from '../../token/jwks-row.js';
import { secretKey } from '../../token/key.js';
import type { Signer } from '../../token/mint.js';
import type { World } from '../../world.js';
import type { GivenSecrets, SecretOptions } from './secret-sources.js';
import { environmentSecrets, namesSecret, readSecrets } from './secret-sources.js';
import type { WhereOptions } from './where.js';
import { databaseOf, findTarget, namesTarget } from './where.js';

export interface SignerOptions extends SecretOptions, WhereOptions {
  readonly alg?: string;
}

export interface FoundSigner {
  readonly signer: Signer;
  /** the deployment that the token is for, where one is known */
  readonly target: Target | null;
  readonly database: NamedDatabase | null;
}

const rowAlgorithms = ['EdDSA', 'ES256', 'ES512', 'RS256', 'PS256'];

/**
 * The shared secret, or the newest live jwks row: the row where the options name the database or one of its
 * algorithms, or where they name no secret and the deployment trusts its JWKS.
 */
export async function findSigner(options: SignerOptions, world: World, redactor: Redactor): Promise<FoundSigner> {
  const { alg } = options;
  if (alg !== undefined && alg !== 'HS256' && !rowAlgorithms.includes(alg)) {
    throw usage(`--alg ${alg}: it is one of HS256, ${rowAlgorithms.join(', ')}`);
  }
  const named = options.database === true || options.databaseUrlEnv !== undefined;
  if (named && alg === 'HS256') throw usage('--alg HS256 is signed with the shared secret: leave --database out');
  const byRow = named || (alg !== undefined && alg !== 'HS256');
  const alone = namesSecret(options) && !namesTarget(options, world) && !byRow;
  const target = alone ? null : await findTarget(options, world);
  const secrets = (await readSecrets(options, world, redactor)) ?? environmentSecrets(world, redactor);
  if (byRow || (!namesSecret(options) && alg === undefined && target?.trust === 'jwks')) {
    const database = databaseOf(options, target, world, redactor);
    return { signer: await signerOfRow(database, secrets, alg, world), target, database };
  }
  if (secrets === null) throw noSecret();
  if (!namesSecret(options)) world.stderr.write(`signed with ${secrets.source}\n`);
  const signer: Signer = { alg: 'HS256', kid: null, key: secretKey(secrets.set.current, secrets.source).object };
  return { signer, target, database: null };
}

function noSecret(): LockstepError {
  return usage('no secret to sign with', 'give --secret-file, --secret-env or --env-file, or set BETTER_AUTH_SECRET');
}

async function signerOfRow(
  database: NamedDatabase,
  secrets: GivenSecrets | null,
  alg: string | undefined,
  world: World,
): Promise<Signer> {
  const { readJwksRows } = await import('../../io/jwks-rows.js');
  const row = newestLive(await readJwksRows(database, world), world.now(), alg);
  if (row === null) {
    const what = alg === undefined ? 'row' : `${alg} row`;
    throw unsigned(`the jwks table has no live ${what}`, 'the first GET of /jwks or /token makes one');
  }
  const { jwk, fault } = openPrivateKey(row.privateKey, secrets?.set ?? null);
  if (fault?.kind === 'no-secret') throw noSecret();
  if (jwk === null) throw unsigned(`the private key of jwks row ${row.id} cannot be had: ${words(fault)}`);
  const signer = rowSigner(row, jwk);
  if (signer === null) throw unsigned(`jwks row ${row.id} holds no key that can sign`);
  world.stderr.write(`signed with jwks row ${row.id} (${signer.alg})\n`);
  return signer;
}

function words(fault: RowFault): string {
  switch (fault.kind) {
    case 'no-secret':
      return 'it is encrypted';
    case 'wrong-secret':
      return 'it was encrypted under another secret';
    case 'retired-version':
      return `it needs version ${fault.version} of BETTER_AUTH_SECRETS, which is not there`;
    case 'no-legacy-secret':
      return 'it has no version, so that only BETTER_AUTH_SECRET opens it, which is not set beside BETTER_AUTH_SECRETS';
    case 'malformed':
      return fault.why;
  }
}

function unsigned(message: string, hint?: string): LockstepError {
  return new LockstepError('no-signer', message, { exit: Exit.unfinished, hint });
}
