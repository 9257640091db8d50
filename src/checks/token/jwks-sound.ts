import { defineCheck, ending, problem, skip } from '../../core/check.js';
import type { Reply } from '../../core/reply.js';
import { header, pointer } from '../../core/reply.js';
import { isAlgorithm } from '../../token/algorithms.js';
import { headerOf } from '../../token/forge.js';
import { keySet } from '../../token/key.js';
import type { Token } from '../fetch-token.js';
import token from './fetch.js';

/** Two or three are a rotation; many are one for each start, or for each replica. */
const mostKeys = 4;

export default defineCheck({
  id: 'token/jwks-sound',
  title: 'the published keys hold the one that signs, and nothing that is private',
  severity: 'high',
  impact: 'reads',
  source: ['RFC 7517 4', 'RFC 7517 9.2', 'RFC 8725 3.4', 'ASVS 9.1.3', 'ASVS 11.1.1'],
  needs: { token },
  problems: {
    'private-published': {
      level: 'fail',
      text: '{url} publishes the private half of the key {kid} ({member}): anybody can sign tokens with it',
      hint: 'take it away from there, and replace the key: whoever has fetched it has it still',
    },
    'secret-published': {
      level: 'fail',
      text: '{url} publishes a shared secret (kty oct) as the key {kid}: anybody can sign tokens with it',
      hint: 'a shared secret has no public half: take it away from there, and replace it',
    },
    unreadable: { level: 'fail', text: '{url} answered {status} ({type}), which is no JWK Set' },
    'signer-missing': {
      level: 'fail',
      text: '{url} does not have the key {kid}, which signed the token',
      hint: 'an API cannot verify it. Several replicas with keys of their own look like this, and a cache does',
    },
    unusable: { level: 'fail', text: 'the key {kid} of {url} {fault}' },
    'one-name-twice': {
      level: 'fail',
      text: '{url} has {count} keys under the name {kid}',
      hint: 'a verifier takes either of them, and refuses tokens of the other',
    },
    unfit: { level: 'fail', text: 'the key {kid} of {url} is not for {alg}, which the token names' },
    'many-keys': {
      level: 'warn',
      text: '{url} has {count} keys',
      hint: 'each of them can sign: take old ones away once their tokens have expired',
    },
  },
  async run({ auth }, { token }) {
    const reply = await auth.get('/jwks');
    const { url, status } = reply;
    const symmetric = /^HS/.test(token.alg);
    if (status === 404)
      return skip(symmetric ? 'a shared secret signs: there are no public keys' : `${url} answered 404`);
    const keys = keysOf(reply);
    if (status !== 200 || keys === null)
      return problem('unreadable', { url, status, type: header(reply, 'content-type') ?? 'no body' });
    return ending(
      [
        ...keys.flatMap((key) => exposed(key, url)),
        // a shared secret has nothing to do with these keys: what they are good for is not known
        ...(symmetric ? [] : [...broken(keys, url), ...signer(keys, token, url)]),
      ],
      keys.length > mostKeys ? [{ code: 'many-keys', data: { url, count: keys.length } }] : [],
    );
  },
});

type Jwk = Readonly<Record<string, unknown>>;

function keysOf({ json }: Reply): readonly Jwk[] | null {
  const list: unknown = pointer(json, '/keys');
  const whole = Array.isArray(list) && list.every((key) => typeof key === 'object' && key !== null);
  return whole ? list : null;
}

function nameOf({ kid }: Jwk): string {
  return typeof kid === 'string' ? kid : 'without a name';
}

/** RFC 7518 6.2.2, 6.3.2, 6.4.1 and RFC 8037 2; and the column of Better Auth's table, encrypted or not. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'privateKey', 'private_key'];

function exposed(key: Jwk, url: string) {
  const kid = nameOf(key);
  const oct = key.kty === 'oct';
  const members = privateMembers.filter((member) => !oct && key[member] !== undefined && key[member] !== null);
  return [
    ...(oct ? [{ code: 'secret-published', data: { url, kid } } as const] : []),
    ...members.map((member) => ({ code: 'private-published', data: { url, kid, member } }) as const),
  ];
}

function broken(keys: readonly Jwk[], url: string) {
  const faults = keySet({ keys }, url)
    // a key for something else, or of a kind that is not known here, is nobody's fault
    .faults.filter(({ text }) => /not a key|cannot do/.test(text))
    .map(({ index, text }) => {
      const kid = nameOf(keys[index ?? 0] ?? {});
      return { code: 'unusable', data: { url, kid, fault: text } } as const;
    });
  const names = keys.map(({ kid }) => kid).filter((kid) => typeof kid === 'string');
  const twice = [...new Set(names.filter((kid, n) => names.indexOf(kid) !== n))].map((kid) => {
    const count = names.filter((each) => each === kid).length;
    return { code: 'one-name-twice', data: { url, kid, count } } as const;
  });
  return [...faults, ...twice];
}

/** A token that names no key is verified by whichever fits (RFC 7515 4.1.4). */
function signer(keys: readonly Jwk[], { jwt, alg }: Token, url: string) {
  const { kid } = headerOf(jwt.reveal());
  const named = kid === undefined ? keys : keys.filter((key) => key.kid === kid);
  const data = { url, alg, kid: typeof kid === 'string' ? kid : 'without a name' };
  if (named.length === 0) return [{ code: 'signer-missing', data } as const];
  const fits = keySet({ keys: named }, url).keys.some(({ algorithms }) => isAlgorithm(alg) && algorithms.includes(alg));
  return fits ? [] : [{ code: 'unfit', data } as const];
}
