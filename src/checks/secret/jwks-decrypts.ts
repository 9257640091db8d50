import { decodeProtectedHeader } from 'jose';
import { defineCheck, pass, problem, skip, warn } from '../../core/check.js';
import type { JwksRow, SecretSet } from '../../core/material.js';
import type { Reply } from '../../core/reply.js';
import { pointer } from '../../core/reply.js';
import { newestLive, openPrivateKey, rowSigner } from '../../token/jwks-row.js';
import session from '../session/login.js';

export default defineCheck({
  id: 'secret/jwks-decrypts',
  title: 'the signing key in the database opens with the secret, and is the published one',
  severity: 'critical',
  impact: 'reads',
  core: true,
  judges: 'both',
  source: ['ASVS 11.1.1', 'ASVS 13.3.1'],
  needs: { session },
  problems: {
    'wrong-secret': {
      level: 'fail',
      text: 'the key {kid} in the database was encrypted under another secret than {place}: {url} answers {status}',
      hint: 'put the old secret back, or let the key end (update jwks set "expiresAt" = now()): the next signature makes a new one',
    },
    'read-otherwise': {
      level: 'fail',
      text: '{url} answers {status}, although the key {kid} in the database opens with {place}',
      hint: 'the server reads the row otherwise than it was written: was disablePrivateKeyEncryption turned on over an encrypted row, or BETTER_AUTH_SECRETS set without the old BETTER_AUTH_SECRET? Else what makes the token throws (definePayload): the log of the auth server says which',
    },
    'not-published': {
      level: 'fail',
      text: 'the key {kid} that signs is not the one that {url} publishes under that id',
      hint: 'the API is asked to trust another database than the auth server writes to',
    },
    'not-encrypted': {
      level: 'warn',
      text: 'the key {kid} lies in the database as it is: who reads the table can sign',
      hint: 'leave disablePrivateKeyEncryption off',
    },
    'older-secret': {
      level: 'warn',
      text: 'the key {kid} opens only under an older entry of {place}',
      hint: 'let it end before that entry is taken away',
    },
  },
  async run({ auth, material, target, now }, { session }) {
    const rows = await material.jwks();
    if (rows === null) return skip('no database is given: LOCKSTEP_DATABASE, or database in lockstep.json');
    const row = newestLive(rows, now());
    if (row === null) return skip('the database holds no key: tokens are not signed by the jwt plugin');
    const { candidates } = material;
    const kid = row.id;
    const plain = openPrivateKey(row.privateKey, null).jwk !== null;
    if (!plain && candidates.length === 0)
      return skip('no secret is known: --secret-env or --secret-file gives one, or services in lockstep.json');
    const opening = candidates.find(({ set }) => openPrivateKey(row.privateKey, set).jwk !== null);
    const answer = await auth.get(target.tokenRoute.value, { jar: session.jar });
    const { url, status } = answer;
    const place = (opening ?? candidates[0])?.place ?? 'the secret';
    if (!plain && opening === undefined) {
      // a secret that is not the server's opens nothing either, and then nothing is wrong with the row
      return status >= 500
        ? problem('wrong-secret', { kid, place, url, status })
        : skip('no secret that is known opens the key, and the auth server opens it: its secret is another');
    }
    if (status >= 500) return problem('read-otherwise', { kid, place, url, status });
    const published = await auth.get('/jwks');
    const keys = pointer(published.json, '/keys');
    const there = Array.isArray(keys) ? keys.find((key) => pointer(key, '/kid') === kid) : undefined;
    if (published.status === 200 && Array.isArray(keys) && keys.length > 0 && there === undefined) {
      return signedBy(answer) === kid
        ? problem('not-published', { kid, url: published.url })
        : skip(`${published.url} publishes no key ${kid}: the database that is given is that of another deployment`);
    }
    if (published.status === 200 && there !== undefined && !samePublic(row, opening?.set ?? null, there))
      return problem('not-published', { kid, url: published.url });
    if (plain) return warn(undefined, { code: 'not-encrypted', data: { kid } });
    return opening !== undefined && underOlder(row, opening.set)
      ? warn(undefined, { code: 'older-secret', data: { kid, place } })
      : pass();
  },
});

/** The kid in the header of the token that was answered, as it says itself. */
function signedBy({ json }: Reply): unknown {
  const token = pointer(json, '/token');
  if (typeof token !== 'string') return undefined;
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    return undefined;
  }
}

/** Whether the private key of the row is the other half of a published key. */
function samePublic(row: JwksRow, set: SecretSet | null, published: unknown): boolean {
  const { jwk } = openPrivateKey(row.privateKey, set);
  if (jwk === null || rowSigner(row, jwk) === null) return false;
  return ['x', 'y', 'n', 'e', 'crv', 'kty'].every((name) => {
    const [own, theirs] = [pointer(jwk, `/${name}`), pointer(published, `/${name}`)];
    return own === theirs;
  });
}

/** Whether the row opens without the current secret of a set. */
function underOlder(row: JwksRow, set: SecretSet): boolean {
  if (set.versions.size === 0) return false;
  const [current] = set.versions.keys();
  const older = new Map([...set.versions].filter(([version]) => version !== current));
  const opens = (secrets: SecretSet) => openPrivateKey(row.privateKey, secrets).jwk !== null;
  return opens({ ...set, versions: older });
}
