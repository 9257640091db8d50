import type { JsonWebKey } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { defineCheck } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import { pointer } from '../../core/reply.js';
import { encodeJson } from '../../token/base64url.js';
import { headerOf, marked, sealedWith } from '../../token/forge.js';
import type { Token } from '../fetch-token.js';
import { minterFor } from '../minter.js';
import { allRefused, bearing, refusalProblems, withCauses } from '../refusals.js';
import route from './accepted-by-api.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/algorithm-pinned',
  title: 'the API decides how a token is verified, not the token',
  severity: 'critical',
  impact: 'reads',
  core: true,
  source: ['RFC 8725 3.1', 'RFC 8725 3.2', 'RFC 7515 4.1.11', 'ASVS 9.1.2', 'WSTG-SESS-10', 'CVE-2015-9235'],
  needs: { token, route },
  problems: {
    ...refusalProblems,
    accepted: {
      level: 'fail',
      text: '{url} answered {status} to {what}: {cause}',
      hint: 'give the verifier its algorithms as a list of one, and a key of that kind: jose and PyJWT take `algorithms`, and refuse a crit that they do not know',
    },
  },
  async run(probe, given) {
    const claims = { ...given.token.claims, ...marked(probe.now()) };
    const { kid } = headerOf(given.token.jwt.reveal());
    const named = kid === undefined ? {} : { kid };
    const forgeries: (readonly [what: string, token: string])[] = [
      ...['none', 'None', 'NONE', 'nOnE'].flatMap((alg) => {
        const bare = `${encodeJson({ alg, ...named })}.${encodeJson(claims)}`;
        return [
          [`a token that nobody has signed (alg ${alg})`, `${bare}.`],
          [`a token that nobody has signed (alg ${alg}, two parts)`, bare],
        ] as const;
      }),
      ...[...blanks, ...(await publicKeys(probe, given.token))].map(
        ([what, key]) =>
          [`a token that ${what} has sealed (HS256)`, sealedWith(key, { alg: 'HS256', ...named }, claims)] as const,
      ),
    ];
    // only a signature that is right lets the rest of the header be looked at
    const minter = await minterFor(probe, given.token);
    if (typeof minter !== 'string') {
      const critical = minter.mint({}, { crit: ['lockstep'], lockstep: true });
      forgeries.push(['a token with an extension that it calls critical and nobody knows (crit)', critical]);
    }
    const attempts = forgeries.map(([what, bearer]) => bearing(probe, given, what, bearer));
    return withCauses(await allRefused(probe, given, attempts), causeOf);
  },
});

function causeOf(what: string): string {
  if (what.includes('(crit)')) return 'it passes over what a token calls critical';
  if (what.includes('(alg ')) return 'it obeys a token that says it needs no signature';
  if (what.includes('public'))
    return 'it obeys the alg of the token, and takes its public key for the secret of an HMAC';
  return 'it obeys the alg of the token, and verifies with an empty secret';
}

const blanks: readonly (readonly [string, Buffer])[] = [
  ['an empty key', Buffer.alloc(0)],
  ['a key of one zero byte', Buffer.alloc(1)],
];

/**
 * The published key of the token in every spelling in which a verifier may hold it in its hands as the key of an HMAC.
 * Nothing for a shared secret, which is not published, and nothing where no key set is: who cannot read a key cannot use it.
 */
async function publicKeys({ auth }: Probe, { jwt, alg }: Token): Promise<(readonly [string, Buffer])[]> {
  if (/^HS/.test(alg)) return [];
  const { kid } = headerOf(jwt.reveal());
  const published: unknown = pointer((await auth.get('/jwks')).json, '/keys');
  const list = (Array.isArray(published) ? published : []) as Readonly<Record<string, unknown>>[];
  const jwk = list.find((each) => each?.kid === kid) ?? list[0];
  if (jwk === undefined) return [];
  const members = ['x', 'n'].flatMap((name) => {
    const value = jwk[name];
    if (typeof value !== 'string') return [];
    return [
      [`the text of the public key (${name})`, Buffer.from(value)],
      [`the bytes of the public key (${name})`, Buffer.from(value, 'base64url')],
    ] as const;
  });
  return [...members, ['the public key as JSON', Buffer.from(JSON.stringify(jwk))], ...encodings(jwk)];
}

function encodings(jwk: Readonly<Record<string, unknown>>): (readonly [string, Buffer])[] {
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const pem = String(key.export({ type: 'spki', format: 'pem' }));
    return [
      ['the public key as PEM', Buffer.from(pem)],
      ['the public key as PEM without its last line end', Buffer.from(pem.trimEnd())],
      ['the public key as DER', key.export({ type: 'spki', format: 'der' })],
    ];
  } catch {
    // token/jwks-sound says what is wrong with it
    return [];
  }
}
