import { LockstepError, usage } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { Redactor } from '../../core/redact.js';
import { longestToken } from '../../token/read.js';
import type { World } from '../../world.js';
import type { MintOptions } from './mint.js';
import type { FoundSigner } from './mint-signer.js';
import { databaseOf } from './where.js';

/**
 * The claims beside iat and exp. By a jwks row: as Better Auth's jwt plugin makes them, the whole user row where a
 * user is named by e-mail, iss and aud the origin of its base URL. By the shared secret: as an application's own token
 * route makes them, sub, email, name and `type: access`, no iss and no aud.
 */
export async function mintClaims(
  options: MintOptions,
  found: FoundSigner,
  world: World,
  redactor: Redactor,
): Promise<Record<string, unknown>> {
  if (options.sub !== undefined && options.as !== undefined)
    throw usage('--sub and --as both say whom it is for: give one');
  const user = options.as === undefined ? null : await userRow(options.as, options, found, world, redactor);
  const sub = options.sub ?? (user === null ? undefined : String(user.id));
  if (sub === undefined) world.stderr.write('the token has no sub: say --sub or --as\n');
  const byRow = found.signer.kid !== null;
  const about = byRow
    ? { ...user }
    : { ...(user === null ? {} : { email: user.email, name: user.name }), type: 'access' };
  const [audience, ...more] = options.aud ?? [];
  const place = byRow ? originOf(options, found, world) : undefined;
  const aud = audience === undefined ? place : more.length === 0 ? audience : options.aud;
  return defined({ ...about, sub, iss: options.iss ?? place, aud, ...given(options.claim ?? []) });
}

async function userRow(email: string, options: MintOptions, found: FoundSigner, world: World, redactor: Redactor) {
  const database = found.database ?? databaseOf(options, found.target, world, redactor);
  const { findUser } = await import('../../io/jwks-rows.js');
  const row = await findUser(database, email, world);
  if (row === null) {
    throw new LockstepError('no-such-user', 'no user has the address of --as', {
      exit: Exit.refused,
      hint: 'a token for nobody proves nothing: see the "user" table, or say --sub',
    });
  }
  return row;
}

/** The origin of Better Auth's base URL, unless both claims that it stands for are given. */
function originOf({ iss, aud }: MintOptions, { target }: FoundSigner, { env }: World): string | undefined {
  if (target !== null) return target.origin;
  const url = env.BETTER_AUTH_URL;
  if (url !== undefined && URL.canParse(url)) return new URL(url).origin;
  if (iss === undefined || aud === undefined) {
    throw usage('iss and aud are the origin of Better Auth, which is not known', 'give --auth, or --iss and --aud');
  }
  return undefined;
}

/** `name=value` with the value as JSON where it is JSON, text otherwise. */
function given(claims: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    claims.map((claim, i) => {
      const at = claim.indexOf('=');
      if (at < 1) throw usage(`--claim number ${i + 1}: it is written name=value`);
      if (claim.length > longestToken) throw usage(`--claim number ${i + 1}: it is longer than a token`);
      const text = claim.slice(at + 1);
      try {
        return [claim.slice(0, at), JSON.parse(text)];
      } catch {
        return [claim.slice(0, at), text];
      }
    }),
  );
}

function defined(claims: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
