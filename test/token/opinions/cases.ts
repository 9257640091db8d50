import { encodeJson } from '../../../src/token/base64url.js';
import type { Key } from '../../../src/token/key.js';
import type { Opinion } from '../../../src/token/opinions/opinions.js';
import { opinions } from '../../../src/token/opinions/opinions.js';
import { signature } from '../../../src/token/signature.js';
import { verifyToken } from '../../../src/token/verify.js';
import { randomBytes } from '../../support/chance.js';
import { keyOf, type Pair, pairFor } from '../keys.js';

/** A token by what is in it: times are offsets from now, so that a case says the same on any day. */
export interface Example {
  readonly alg: 'HS256' | 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  /** a number under exp, nbf or iat is an offset in seconds; `{ "as": x }` is x itself */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly algorithms?: readonly string[];
  readonly audience?: string;
  readonly issuer?: string;
  readonly leeway?: number;
  readonly stranger?: boolean;
}

export interface Built {
  readonly token: string;
  readonly pair: Pair;
}

export function build({ alg, claims, stranger }: Example, now: number): Built {
  const pair = pairFor(alg);
  const payload = Object.entries(claims).map(([name, value]) => {
    if (typeof value === 'object' && value !== null && 'as' in value) return [name, value.as];
    return [name, typeof value === 'number' && /^(exp|nbf|iat)$/.test(name) ? now + value : value];
  });
  const input = `${encodeJson({ alg })}.${encodeJson(Object.fromEntries(payload))}`;
  const seal = signature(pair.signs, pair.alg, Buffer.from(stranger === true ? `${input}x` : input));
  return { token: `${input}.${seal.toString('base64url')}`, pair };
}

/** What lockstep says that the three would say. */
export async function expected(example: Example, { token, pair }: Built, now: number): Promise<readonly Opinion[]> {
  const allowed = (example.algorithms ?? [example.alg]) as Key['algorithms'];
  const key = { ...keyOf(pair), algorithms: allowed };
  const expectations = {
    now: now * 1000,
    leeway: example.leeway ?? 0,
    ...(example.audience === undefined ? {} : { audience: [example.audience] }),
    ...(example.issuer === undefined ? {} : { issuer: example.issuer }),
  };
  const verification = await verifyToken(token, { ...expectations, keys: [key], runKey: randomBytes(16) });
  return opinions(verification, expectations);
}

/** Every rule of the three, each side of it. */
export const examples: readonly Example[] = [
  { alg: 'HS256', claims: { sub: 'a', exp: 60 } },
  { alg: 'ES256', claims: { sub: 'a', exp: 60 } },
  { alg: 'RS256', claims: { sub: 'a', exp: 60 } },
  { alg: 'PS256', claims: { sub: 'a', exp: 60 } },
  { alg: 'EdDSA', claims: { sub: 'a', exp: 60 } },
  { alg: 'HS256', claims: { exp: 60 }, stranger: true },
  { alg: 'EdDSA', claims: { exp: 60 }, algorithms: ['HS256'] },
  { alg: 'HS256', claims: { exp: 60 }, algorithms: ['HS384', 'HS512'] },
  { alg: 'HS256', claims: {} },
  { alg: 'HS256', claims: { exp: -100 } },
  { alg: 'HS256', claims: { exp: -100 }, leeway: 200 },
  { alg: 'HS256', claims: { exp: { as: '99999999999' } } },
  { alg: 'HS256', claims: { exp: { as: '1' } } },
  { alg: 'HS256', claims: { exp: { as: 'soon' } } },
  { alg: 'HS256', claims: { exp: { as: '1.5' } } },
  { alg: 'HS256', claims: { exp: { as: null } } },
  { alg: 'HS256', claims: { exp: { as: true } } },
  { alg: 'HS256', claims: { exp: { as: [] } } },
  { alg: 'HS256', claims: { exp: 60.5 } },
  { alg: 'HS256', claims: { exp: { as: 1e300 } } },
  { alg: 'HS256', claims: { exp: 60, nbf: 100 } },
  { alg: 'HS256', claims: { exp: 60, nbf: 100 }, leeway: 200 },
  { alg: 'HS256', claims: { exp: 60, nbf: { as: 'now' } } },
  { alg: 'HS256', claims: { exp: 60, nbf: { as: {} } } },
  { alg: 'HS256', claims: { exp: 160, iat: 100 } },
  { alg: 'HS256', claims: { exp: 160, iat: 100 }, leeway: 200 },
  { alg: 'HS256', claims: { exp: 60, iat: { as: 'now' } } },
  { alg: 'HS256', claims: { exp: 60, iat: { as: null } } },
  { alg: 'HS256', claims: { exp: 60, aud: 'x' } },
  { alg: 'HS256', claims: { exp: 60, aud: 'x' }, audience: 'x' },
  { alg: 'HS256', claims: { exp: 60, aud: 'x' }, audience: 'y' },
  { alg: 'HS256', claims: { exp: 60, aud: ['x', 'y'] }, audience: 'y' },
  { alg: 'HS256', claims: { exp: 60, aud: ['x', 7] }, audience: 'x' },
  { alg: 'HS256', claims: { exp: 60, aud: [] }, audience: 'x' },
  { alg: 'HS256', claims: { exp: 60, aud: [] } },
  { alg: 'HS256', claims: { exp: 60, aud: '' } },
  { alg: 'HS256', claims: { exp: 60, aud: 7 }, audience: 'x' },
  { alg: 'HS256', claims: { exp: 60, aud: {} }, audience: 'x' },
  { alg: 'HS256', claims: { exp: 60 }, audience: 'x' },
  { alg: 'HS256', claims: { exp: 60, iss: 'x' } },
  { alg: 'HS256', claims: { exp: 60, iss: 'x' }, issuer: 'x' },
  { alg: 'HS256', claims: { exp: 60, iss: 'x/' }, issuer: 'x' },
  { alg: 'HS256', claims: { exp: 60 }, issuer: 'x' },
  { alg: 'HS256', claims: { exp: 60 }, issuer: 'x', audience: 'y' },
  { alg: 'HS256', claims: { exp: 60, jti: 7 } },
  { alg: 'HS256', claims: { exp: 60, at_hash: 'x' } },
  { alg: 'HS256', claims: { exp: -100, nbf: 100, iat: 100, aud: 'x', iss: 'y' }, issuer: 'x', audience: 'y' },
];
