import { snake } from '../../auth-schema/expected.js';
import { fill } from '../../core/finding.js';
import type { Look } from '../../io/db/look.js';
import type { Db } from '../../io/db/open.js';
import type { Course } from '../../io/db/plan.js';
import { jwksRows } from '../../io/db/rows.js';
import type { SchemaResult } from '../../report/migrate.js';
import { openPrivateKey, type RowFault } from '../../token/jwks-row.js';
import type { GivenSecrets } from '../token/secret-sources.js';

const wrongSecret =
  'while such a row is the newest, Better Auth answers 500 to get-session: bring back the secret, or delete the row';

/** Why a private key cannot be had, by `schema/jwks.<kind>`. */
const words: Readonly<Record<RowFault['kind'], { readonly text: string; readonly hint: string }>> = {
  'wrong-secret': { text: 'the key {id} does not open with {source}', hint: wrongSecret },
  'retired-version': {
    text: 'the key {id} is sealed with version {version}, which {source} has not',
    hint: 'add that version to BETTER_AUTH_SECRETS',
  },
  'no-legacy-secret': {
    text: 'the key {id} was sealed before there were versions, and {source} has none without one',
    hint: 'set BETTER_AUTH_SECRET to the old secret, beside BETTER_AUTH_SECRETS',
  },
  malformed: { text: 'the key {id} is none: {why}', hint: 'delete the row: Better Auth makes another key' },
  'no-secret': { text: 'the key {id} is sealed, and there is no secret', hint: 'set BETTER_AUTH_SECRET' },
};

/** Whether the keys that Better Auth signs with can be opened with the secret that it would have. */
export async function jwksResult(
  db: Db,
  seen: Look,
  { layout }: Course,
  secrets: GivenSecrets | null,
): Promise<SchemaResult> {
  const result = { check: 'schema/jwks', title: 'the keys of jwks open with the secret', findings: [] };
  const skip = (because: string) => ({ ...result, verdict: 'skip' as const, because });
  if (!seen.tables.includes('jwks')) return skip('there is no table jwks');
  if (secrets === null) return skip('no secret is given: set BETTER_AUTH_SECRET, or say --secret-file');
  const column = layout.naming === 'snake' ? snake('privateKey') : 'privateKey';
  const rows = await jwksRows(db, seen.schema, column);
  if (rows === null) return skip(`jwks has no column ${column}`);
  if (rows.length === 0) return skip('there is no key yet');
  const findings = rows.flatMap(({ id, privateKey }) => {
    const { fault } = openPrivateKey(privateKey, secrets.set);
    if (fault === null) return [];
    const { kind, ...evidence } = fault;
    const data = { id, source: secrets.source, ...evidence };
    const { text, hint } = words[kind];
    return [{ code: `schema/jwks.${kind}`, level: 'fail' as const, text: fill(text, data), hint, data }];
  });
  return { ...result, verdict: findings.length === 0 ? 'pass' : 'fail', findings };
}
