import type { RowSeen } from '../core/evidence/database.js';
import type { Evidence } from '../core/evidence/evidence.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';
import { currentOf, frontendRuns, holderOf, inWords, isExactly } from './facts/fits.js';

const cures = [
  'put the secret back under which the row was made, and restart the frontend',
  'or let it make a new key: update jwks set "expiresAt" = now() where id = \'{kid}\' (tokens that are out still verify)',
] as const;
const crash = 'sign-in works and /jwks answers, while /get-session and /token answer 500 with an empty body, for ever';

const causes = {
  'older-secret': {
    certainty: 'proven',
    text: 'the signing key in jwks was encrypted under an older secret: {what}',
    means: crash,
    fix: cures,
    weight: 82,
  },
  foreign: {
    certainty: 'proven',
    text: 'the signing key in jwks is from another environment: it opens with {what}',
    means: crash,
    fix: [
      'let it make a key of its own: update jwks set "expiresAt" = now() where id = \'{kid}\'',
      'see whether the whole database is a copy of the other environment',
    ],
    weight: 83,
  },
  'changed-secret': {
    certainty: 'proven',
    text: 'the signing key in jwks opens with {what}, and that is not what the frontend has',
    means: crash,
    fix: cures,
    // who runs another secret than its files say is the cause, where that is known
    weight: 56,
  },
  'retired-version': {
    certainty: 'proven',
    text: 'the signing key in jwks was encrypted under version {version} of BETTER_AUTH_SECRETS, which is not in the list any more',
    means: crash,
    fix: ['put version {version} back at the end of BETTER_AUTH_SECRETS, and restart the frontend', cures[1]],
    weight: 84,
  },
  'no-legacy': {
    certainty: 'proven',
    text: 'the signing key in jwks was made before BETTER_AUTH_SECRETS, and BETTER_AUTH_SECRET is not beside it',
    means: `BETTER_AUTH_SECRETS opens only what was made with a version, though the value may be equal: ${crash}`,
    fix: ['set BETTER_AUTH_SECRET to the old value beside BETTER_AUTH_SECRETS, and restart the frontend', cures[1]],
    weight: 84,
  },
  unknown: {
    certainty: 'proven',
    text: 'the signing key in jwks opens with none of {tried} values that were found, and their variants',
    means: crash,
    fix: [
      'give what else may hold the secret of that time: `lockstep diagnose --also DIR`',
      'let it make a new key: update jwks set "expiresAt" = now() where id = \'{kid}\'',
    ],
    weight: 58,
  },
  unread: {
    certainty: 'likely',
    text: 'the signing key in jwks was encrypted under another secret than the frontend has now',
    means: crash,
    fix: [
      'prove it: `lockstep diagnose --database-url-env DATABASE_URL`',
      'put the former secret back, or let it make a new key: update jwks set "expiresAt" = now()',
    ],
    proof: 'the rows of jwks: name the database with --database-url-env',
    weight: 64,
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'jwks-row',
  title: 'the signing key in the database cannot be decrypted',
  causes,
  match(evidence) {
    const { database, session } = evidence;
    if (database === undefined) return crashes(evidence) ? [unread(session?.session?.status ?? 500)] : [];
    const row = live(database.rows, evidence.at);
    // whoever has the plugin and gets a token has a key that opens
    if (row === null || row.form === 'plain' || works(evidence)) return [];
    return fault(evidence, row);
  },
  excludes({ database, at }) {
    const row = live(database?.rows ?? [], at);
    if (row === null) return null;
    return row.form === 'plain' ? 'the signing key: it is not encrypted' : null;
  },
});

/** The row that the frontend signs with. */
function live(rows: readonly RowSeen[], at: string): RowSeen | null {
  const valid = rows.filter(({ expires }) => expires === null || expires > at);
  return valid.toSorted((a, b) => b.created.localeCompare(a.created))[0] ?? null;
}

function works({ session }: Evidence): boolean {
  return session?.token?.alg !== undefined && session.token?.alg?.startsWith('HS') === false;
}

function fault(evidence: Evidence, row: RowSeen): Found<typeof causes>[] {
  const { fits, form, version, kid } = row;
  const runs = frontendRuns(evidence);
  const own = currentOf(evidence, 'frontend');
  const versioned = own?.name === 'BETTER_AUTH_SECRETS';
  const tried = evidence.holders.filter(({ kind }) => kind !== 'default').length;
  const because = [
    `row ${kid} of ${evidence.database?.place ?? 'jwks'}, made at ${row.created}`,
    ...(crashes(evidence) ? ['a fresh sign-in works, and what needs a signature answers 500'] : []),
  ];
  const found = { guilty: 'database' as const, because };
  if (form === 'versioned') {
    if (version === null || own === null || hasVersion(evidence, version)) return [];
    return [{ cause: 'retired-version', ...found, data: { version, kid } }];
  }
  if (form === 'malformed') return [];
  if (versioned && !hasLegacy(evidence, fits)) return [{ cause: 'no-legacy', ...found, data: { kid } }];
  if (versioned) return [];
  if (runs !== null && runs.fits.length > 0) {
    if (runs.fits.some((fit) => fits.some((one) => one.holder === fit.holder && one.variant === fit.variant)))
      return [];
  } else if (isExactly(fits, own)) return [];
  // neither the running frontend nor its files are known
  if (own === null && (runs === null || runs.fits.length === 0)) return [];
  const [first] = fits;
  if (first === undefined) return tried === 0 ? [] : [{ cause: 'unknown', ...found, data: { tried, kid } }];
  const exact = fits.filter(({ variant }) => variant === null);
  const of = (...kinds: string[]) => exact.find(({ holder }) => kinds.includes(holderOf(evidence, holder)?.kind ?? ''));
  const foreign = of('environment');
  const old = of('backup', 'sibling', 'beaten', 'other-name', 'example', 'version');
  if (foreign !== undefined) return [{ cause: 'foreign', ...found, data: { what: inWords(foreign), kid } }];
  if (old !== undefined) return [{ cause: 'older-secret', ...found, data: { what: inWords(old), kid } }];
  return [{ cause: 'changed-secret', ...found, data: { what: inWords(first), kid } }];
}

/** The frontend signs with the first entry; the list opens what any of its entries sealed. */
function hasVersion({ holders }: Evidence, version: number): boolean {
  const list = holders.filter(({ name, side }) => side === 'frontend' && /BETTER_AUTH_SECRETS/.test(name));
  const told = list.filter(({ kind }) => kind === 'version').map(({ name }) => Number(/version (\d+)/.exec(name)?.[1]));
  const current = list.find(({ kind }) => kind === 'current');
  return told.includes(version) || current?.id.startsWith(`version ${version} of `) === true;
}

/** What sealed the row stands beside the list, under the name that counts for rows without a version. */
function hasLegacy({ holders }: Evidence, fits: RowSeen['fits']): boolean {
  return holders.some(
    ({ id, name, side, kind }) =>
      side === 'frontend' &&
      kind === 'other-name' &&
      (name === 'BETTER_AUTH_SECRET' || name === 'AUTH_SECRET') &&
      fits.some((fit) => fit.holder === id && fit.variant === null),
  );
}

/** Sign-in works, and whatever needs a signature answers 500 with nothing. */
function crashes({ session }: Evidence): boolean {
  if (session?.signIn.status !== 200) return false;
  const empty = (answer: { status: number; body: string } | null) => answer?.status === 500 && answer.body === 'empty';
  return empty(session.session) || empty(session.answer);
}

function unread(status: number): Found<typeof causes> {
  const because = [`a fresh sign-in answers 200, and /get-session or /token answers ${status} with an empty body`];
  return { cause: 'unread', guilty: 'database', data: {}, because };
}
