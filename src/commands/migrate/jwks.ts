import { snake } from '../../auth-schema/expected.js';
import { fill } from '../../core/finding.js';
import type { Look } from '../../io/db/look.js';
import type { Db } from '../../io/db/open.js';
import type { Course } from '../../io/db/plan.js';
import { jwksRows } from '../../io/db/rows.js';
import type { SchemaResult } from '../../report/migrate.js';
import { jwksProblems } from '../../token/jwks-problems.js';
import { openPrivateKey } from '../../token/jwks-row.js';
import type { GivenSecrets } from '../token/secret-sources.js';

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
    const { text, hint } = jwksProblems[kind];
    return [{ code: `schema/jwks.${kind}`, level: 'fail' as const, text: fill(text, data), hint, data }];
  });
  return { ...result, verdict: findings.length === 0 ? 'pass' : 'fail', findings };
}
