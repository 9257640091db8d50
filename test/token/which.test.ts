import { createHash, createHmac } from 'node:crypto';
import { makeSignature } from 'better-auth/crypto';
import { describe, expect, it } from 'vitest';
import { readCredential } from '../../src/token/credential.js';
import { mintToken } from '../../src/token/mint.js';
import { createScan } from '../../src/token/which.js';
import { randomBytes } from '../support/chance.js';
import { hs256 } from '../support/deployment.js';
import fc from '../support/fast-check.js';
import { cases } from '../support/seed.js';
import { keyOf, pairs } from './keys.js';

const candidates = (...values: (string | Uint8Array)[]) => values.map((value, i) => ({ name: `c${i}`, value }));
const scan = (text: string, ...values: (string | Uint8Array)[]) =>
  createScan(candidates(...values), [])(readCredential(text));

describe('which secret signed it', () => {
  it('names the one among many that fits a token, and none where none does', () => {
    const values = Array.from({ length: 20 }, () => randomBytes(32).toString('hex'));
    for (const [i, value] of values.entries()) expect(scan(hs256({ sub: 'a' }, value), ...values)).toEqual([`c${i}`]);
    expect(scan(hs256({ sub: 'a' }, 'another'), ...values)).toEqual([]);
  });

  it('a session cookie as Better Auth signs it: bare, encoded, named, or as a whole Set-Cookie', async () => {
    const token = 'Vn3xnGcEDNmaHzcsaQ0hUqDcMF5dTXfL';
    const value = `${token}.${await makeSignature(token, 'right')}`;
    const wire = encodeURIComponent(value);
    for (const text of [
      value,
      wire,
      `better-auth.session_token=${wire}`,
      `__Secure-better-auth.session_token=${wire}; Path=/; HttpOnly`,
      `Set-Cookie: acme.session_token=${wire}`,
    ]) {
      expect(scan(text, 'wrong', 'right'), text).toEqual(['c1']);
      expect(scan(text, 'wrong')).toEqual([]);
    }
  });

  it('values that are one and the same HMAC key are named together', () => {
    const long = 'x'.repeat(100);
    const hashed = createHash('sha256').update(long).digest();
    expect(scan(hs256({}, long), 'other', long, hashed, `${long}y`)).toEqual(['c1', 'c2']);
    expect(scan(hs256({}, 'k'), 'k', 'k\0', 'k\0\0', 'k ')).toEqual(['c0', 'c1', 'c2']);
  });

  it('an empty candidate vouches for nothing', () => {
    const input = hs256({}, 'x').split('.').slice(0, 2).join('.');
    expect(scan(`${input}.${createHmac('sha256', '').update(input).digest('base64url')}`, '')).toEqual([]);
  });

  it.each(pairs)('a token by $alg names its key', (pair) => {
    const token = mintToken({ signer: { alg: pair.alg, key: pair.signs, kid: null }, now: 0, claims: {} });
    if (pair.signs.type === 'secret') {
      expect(scan(token, 'x', pair.signs.export())).toEqual(['c1']);
      return;
    }
    const found = createScan(
      [],
      pairs.map((one) => keyOf(one)),
    )(readCredential(token));
    expect(found).toEqual([`the ${pair.alg} key`]);
  });

  it('a public key is never tried as a secret, nor none as a signature', () => {
    const rs = pairs.find(({ alg }) => alg === 'RS256') ?? pairs[0];
    if (rs === undefined) throw new Error('no pair');
    const pem = rs.verifies.export({ format: 'pem', type: 'spki' }).toString();
    expect(createScan([], [keyOf(rs)])(readCredential(hs256({}, pem)))).toEqual([]);
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`;
    expect(createScan(candidates('x'), [keyOf(rs)])(readCredential(none))).toEqual([]);
  });

  it('nothing that anybody sends makes it throw or match', () => {
    const look = createScan(
      candidates('a', 'b'),
      pairs.map((pair) => keyOf(pair)),
    );
    const text = fc.oneof(
      fc.string(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
      fc.stringMatching(/^[\w.%=;-]*$/),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (pieces) => {
        expect(look(readCredential(pieces.join('.')))).toEqual([]);
      }),
      { numRuns: cases(1000) },
    );
  });
});
