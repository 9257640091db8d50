import * as nodeCrypto from 'node:crypto';
import { createHmac, createSecretKey } from 'node:crypto';
import { compactVerify, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Algorithm } from '../../src/token/algorithms.js';
import { encodeJson } from '../../src/token/base64url.js';
import type { Key } from '../../src/token/key.js';
import { keySet, secretKey, thumbprint } from '../../src/token/key.js';
import { mintToken } from '../../src/token/mint.js';
import { longestToken } from '../../src/token/read.js';
import type { VerifyOptions } from '../../src/token/verify.js';
import { verifyToken } from '../../src/token/verify.js';
import { randomBytes } from '../support/chance.js';
import fc from '../support/fast-check.js';
import { cases } from '../support/seed.js';
import { keyOf, pairFor, pairs } from './keys.js';
import * as rfc from './rfc.js';

const now = Date.UTC(2026, 10, 21, 12);
const runKey = randomBytes(32);

async function rule(token: string, keys: readonly Key[], options: Partial<VerifyOptions> = {}) {
  const ruled = await verifyToken(token, { keys, now, runKey, ...options });
  return { ...ruled, codes: ruled.findings.map(({ code }) => code.replace('token/verify.', '')) };
}

function jwk(value: object): readonly Key[] {
  const { keys, faults } = keySet(value, 'the example', { symmetric: true });
  expect(faults).toEqual([]);
  return keys;
}

describe('the examples of the standards', () => {
  it.each([
    ['RFC 7515 A.1, HS256', rfc.a1],
    ['RFC 7515 A.2, RS256', rfc.a2],
    ['RFC 7515 A.3, ES256', rfc.a3],
  ])('%s is valid until its exp, and expired from then on', async (_, { token, key }) => {
    expect(await rule(token, jwk(key), { now: rfc.goodUntil, issuer: 'joe' })).toMatchObject({
      valid: true,
      codes: [],
    });
    const later = await rule(token, jwk(key), { now: rfc.goodUntil + 1000 });
    expect(later).toMatchObject({ valid: false, signature: 'good', codes: ['expired'] });
  });

  it.each([
    ['RFC 7515 A.4, ES512', rfc.a4],
    ['RFC 8037 A.4, EdDSA', rfc.ed25519],
  ])('%s has a good signature, and claims that are no claims', async (_, { token, key }) => {
    expect(await rule(token, jwk(key))).toMatchObject({ valid: false, signature: 'good', codes: ['not-json'] });
  });

  it('RFC 7519 6.1, an unsecured JWT, is refused whatever the keys', async () => {
    expect(await rule(rfc.unsecured, jwk(rfc.a1.key), { now: rfc.goodUntil })).toMatchObject({
      valid: false,
      signature: 'unseen',
      codes: ['alg-none'],
    });
  });

  it('RFC 8037 A.3: the thumbprint of the key', () => {
    expect(thumbprint(rfc.ed25519.key)).toBe(rfc.ed25519.thumbprint);
  });
});

describe('minting and verifying', () => {
  const subject = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });

  it.each(pairs)('what is minted with $alg verifies here and in jose, with the same claims', async (pair) => {
    await fc.assert(
      fc.asyncProperty(subject, fc.integer({ min: 1, max: 86_400 }), fc.jsonValue(), async (sub, ttl, extra) => {
        const signer = { alg: pair.alg, key: pair.signs, kid: 'k' };
        // through JSON, where -0 is 0
        const claims = { sub, extra: JSON.parse(JSON.stringify(extra)), aud: 'https://api.test' };
        const token = mintToken({ signer, now, ttl, claims });
        const ruled = await rule(token, [keyOf(pair, 'k')], { audience: ['https://api.test'] });
        expect(ruled).toMatchObject({ valid: true, codes: [] });
        const seen = await jwtVerify(token, pair.verifies, { algorithms: [pair.alg], currentDate: new Date(now) });
        expect(seen.payload).toEqual({ iat: now / 1000, exp: now / 1000 + ttl, ...claims });
        expect(ruled.claims).toEqual(seen.payload);
      }),
      { numRuns: cases(pair.alg.startsWith('RS') || pair.alg.startsWith('PS') ? 8 : 25) },
    );
  });

  it.each(pairs)('what jose signs with $alg verifies here', async (pair) => {
    const token = await new SignJWT({ sub: 'a' })
      .setProtectedHeader({ alg: pair.alg })
      .setExpirationTime(now / 1000 + 60)
      .sign(pair.signs);
    expect(await rule(token, [keyOf(pair)])).toMatchObject({ valid: true });
  });

  it.each(pairs)('a flipped bit in the middle of any part of a token by $alg never verifies', async (pair) => {
    const token = mintToken({ signer: { alg: pair.alg, key: pair.signs, kid: null }, now, claims: { sub: 'a' } });
    expect(await rule(token, [keyOf(pair)])).toMatchObject({ valid: true });
    for (const part of [0, 1, 2]) {
      for (let bit = 0; bit < 8; bit++) {
        const parts = token.split('.');
        const bytes = Buffer.from(parts[part] ?? '', 'base64url');
        const middle = Math.floor(bytes.length / 2);
        bytes.writeUInt8(bytes.readUInt8(middle) ^ (1 << bit), middle);
        parts[part] = bytes.toString('base64url');
        expect(await rule(parts.join('.'), [keyOf(pair)])).toMatchObject({ valid: false });
        expect((await rule(parts.join('.'), [keyOf(pair)])).signature).not.toBe('good');
      }
    }
  });

  it('a token signed by another key of the same algorithm does not verify', async () => {
    for (const pair of pairs) {
      const token = mintToken({
        signer: { alg: pair.alg, key: pair.signs, kid: null },
        now,
        claims: {},
        broken: ['wrong-key'],
        stranger: pair.signs.type === 'secret' ? createSecretKey(randomBytes(64)) : strangerTo(pair.alg),
      });
      expect(await rule(token, [keyOf(pair)])).toMatchObject({ valid: false, codes: ['bad-signature'] });
    }
  });

  it('wrong-key without another key is an error, never a token by the right one', () => {
    const { alg, signs } = pairFor('HS256');
    const options = { signer: { alg, key: signs, kid: null }, now, claims: {}, broken: ['wrong-key'] as const };
    expect(() => mintToken(options)).toThrow(RangeError);
    expect(() => mintToken({ ...options, stranger: null })).toThrow(RangeError);
  });
});

function strangerTo(alg: Algorithm) {
  const { generateKeyPairSync } = nodeCrypto;
  if (alg.startsWith('ES')) {
    const namedCurve = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }[alg as 'ES256'];
    return generateKeyPairSync('ec', { namedCurve }).privateKey;
  }
  if (alg.startsWith('E')) return generateKeyPairSync('ed25519').privateKey;
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

describe('every fault is told, and by how much', () => {
  const { alg, signs } = pairFor('EdDSA');
  const key = keyOf(pairFor('EdDSA'), 'k');
  const mint = (claims: object, header: object = { alg, kid: 'k' }) => signed(header, claims, signs);

  it('five faults at once', async () => {
    const { findings, valid } = await rule(
      mint({ exp: now / 1000 - 182, nbf: now / 1000 + 90, aud: 'http://localhost:3000', iss: 'http://a', sub: 7 }),
      [key],
      { audience: ['https://app.example'], issuer: 'http://b' },
    );
    expect(valid).toBe(false);
    expect(findings.map(({ text }) => text)).toEqual([
      'expired 3m2s ago, at 2026-11-21T11:56:58Z',
      'not valid before 2026-11-21T12:01:30Z, in 1m30s',
      'iss is http://a, expected http://b',
      'aud is http://localhost:3000, expected https://app.example',
      'sub is a number, not a string',
    ]);
  });

  it('an algorithm of another family, by the keys that there are', async () => {
    const token = signed({ alg: 'HS256' }, { exp: now / 1000 + 60 }, createSecretKey(randomBytes(32)));
    const { findings } = await rule(token, jwk(rfc.ed25519.key));
    expect(findings.map(({ text }) => text)).toEqual(['alg HS256 is not one of EdDSA, Ed25519']);
  });

  it('exp is the first second at which the token is dead, and leeway moves it', async () => {
    const token = mint({ exp: now / 1000 });
    expect((await rule(token, [key])).codes).toEqual(['expired']);
    expect((await rule(token, [key], { now: now - 1 })).codes).toEqual([]);
    expect((await rule(token, [key], { leeway: 1 })).codes).toEqual([]);
    expect((await rule(token, [key], { leeway: 1, now: now + 1000 })).codes).toEqual(['expired']);
  });

  it.each([
    ['no exp', {}, 'no-exp'],
    ['exp as text', { exp: '1795262400' }, 'not-a-number'],
    ['exp null', { exp: null }, 'not-a-number'],
    ['iat as text', { exp: 1e10, iat: 'now' }, 'not-a-number'],
    ['iat in the future', { exp: 1e10, iat: now / 1000 + 5 }, 'issued-in-future'],
    ['no aud', { exp: 1e10 }, 'no-aud'],
    ['an empty list of aud', { exp: 1e10, aud: [] }, 'aud'],
    ['aud with something else in it', { exp: 1e10, aud: ['https://api.test', 7] }, 'aud'],
    ['aud that only begins alike', { exp: 1e10, aud: 'https://api.test.evil' }, 'aud'],
  ])('%s', async (_, claims, code) => {
    const ruled = await rule(mint(claims), [key], code.endsWith('aud') ? { audience: ['https://api.test'] } : {});
    expect(ruled.codes).toEqual([code]);
  });

  it('a time beyond every calendar is told without falling over it', async () => {
    expect((await rule(mint({ exp: 1e300, nbf: 1e300 }), [key])).findings.map(({ text }) => text)).toEqual([
      'not valid before a time that no calendar reaches, in thousands of years',
    ]);
  });

  it('claims that are inherited, not written, are no claims', async () => {
    const { codes } = await rule(mint({ exp: 1e10 }), [key], { issuer: 'x' });
    expect(codes).toEqual(['no-iss']);
    const proto = `{"exp":1e10,"__proto__":{"iss":"x"}}`;
    const token = sealed(`${encodeJson({ alg, kid: 'k' })}.${Buffer.from(proto).toString('base64url')}`, signs);
    expect((await rule(token, [key], { issuer: 'x' })).codes).toEqual(['no-iss']);
  });

  it('what differs only in what the eye passes over says so', async () => {
    const hints = async (aud: string, expected: string) =>
      (await rule(mint({ exp: 1e10, aud }), [key], { audience: [expected] })).findings[0]?.hint;
    expect(await hints('http://a.test/', 'http://a.test')).toContain('trailing slash');
    expect(await hints('http://127.0.0.1:3000', 'http://localhost:3000')).toContain('localhost');
    expect(await hints('http://a.test', 'https://a.test')).toContain('https');
    expect(await hints('http://a.test', 'http://b.test')).toBeUndefined();
  });
});

describe('keys', () => {
  const pair = pairFor('ES256');
  const token = mintToken({ signer: { alg: 'ES256', key: pair.signs, kid: 'two' }, now, claims: { sub: 'a' } });
  const other = keyOf(pairFor('ES256'), 'one');

  it('an unknown kid is told with the known ones, and the newer keys are asked for once', async () => {
    let asked = 0;
    const newerKeys = (keys: readonly Key[]) => async () => {
      asked += 1;
      return keys;
    };
    const still = await rule(token, [other], { newerKeys: newerKeys([other]) });
    expect(still.findings[0]?.text).toBe('no key is called two: there are one');
    expect(asked).toBe(1);
    expect(await rule(token, [other], { newerKeys: newerKeys([other, keyOf(pair, 'two')]) })).toMatchObject({
      valid: true,
    });
    expect(await rule(token, [keyOf(pair, 'two')], { newerKeys: newerKeys([]) })).toMatchObject({ valid: true });
    expect(asked).toBe(2);
  });

  it('only the key of the kid is tried, although another would fit', async () => {
    const good = keyOf(pair, 'one');
    const bad = { ...keyOf(pair, 'two'), object: jwk(rfc.a3.key)[0]?.object ?? pair.verifies };
    const ruled = await rule(token, [good, bad]);
    expect(ruled.codes).toEqual(['bad-signature']);
    expect(ruled.tried.map(({ kid }) => kid)).toEqual(['two']);
  });

  it('a JWK Set loses its bad keys and keeps the good ones', () => {
    const { keys, faults } = keySet(
      {
        keys: [
          rfc.a1.key,
          { kty: 'OKP', crv: 'X25519', x: 'AA' },
          { ...rfc.a3.key, x: 'AAAA' },
          rfc.a3.key,
          7,
          { ...rfc.a2.key, alg: 'ES256' },
        ],
      },
      'x',
    );
    expect(keys).toHaveLength(1);
    expect(faults.map(({ index }) => index)).toEqual([0, 1, 2, 4, 5]);
    expect(keySet({ keys: 'x' }, 'x').faults).toHaveLength(1);
    expect(keySet(undefined, 'x').keys).toEqual([]);
  });

  it('an RSA key of 1024 bits vouches for nothing', async () => {
    const { generateKeyPairSync } = nodeCrypto;
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const { sign } = nodeCrypto;
    const input = `${encodeJson({ alg: 'RS256' })}.${encodeJson({ exp: 1e10 })}`;
    const weak = `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
    const key: Key = { source: 'x', kid: null, algorithms: ['RS256'], object: publicKey };
    expect((await rule(weak, [key])).codes).toEqual(['bad-signature']);
    const strong = await jwtVerify(weak, publicKey).catch((error: Error) => error.message);
    expect(strong).toContain('2048');
  });

  it('a secret shows a name that is good for this run only', async () => {
    const secret = secretKey('0123456789abcdef0123456789abcdef', 'x');
    const hs = mintToken({ signer: { alg: 'HS256', key: secret.object, kid: null }, now, claims: {} });
    const name = async (run: Uint8Array) => (await rule(hs, [secret], { runKey: run })).tried[0]?.fingerprint;
    expect(await name(runKey)).toBe(await name(runKey));
    expect(await name(randomBytes(32))).not.toBe(await name(randomBytes(32)));
    expect(() => secretKey('', 'x')).toThrow(RangeError);
  });
});

describe('algorithm confusion', () => {
  const confusing: readonly Algorithm[] = ['EdDSA', 'ES256', 'RS256'];

  it.each(confusing)('HS256 under the public %s key in every spelling is refused', async (alg) => {
    const pair = pairFor(alg);
    const exported = pair.verifies.export({ format: 'jwk' });
    const pem = pair.verifies.export({ format: 'pem', type: 'spki' }).toString();
    const spellings: (string | Buffer)[] = [
      exported.x ?? exported.n ?? '',
      Buffer.from(exported.x ?? exported.n ?? '', 'base64url'),
      pem,
      pem.trimEnd(),
      pair.verifies.export({ format: 'der', type: 'spki' }),
      JSON.stringify(exported),
      JSON.stringify({ ...exported, kid: 'k', alg }),
      JSON.stringify({ keys: [exported] }),
      '\0',
    ];
    for (const family of ['HS256', 'HS384', 'HS512']) {
      for (const spelling of spellings) {
        const token = signed({ alg: family, kid: 'k' }, { exp: 1e10 }, createSecretKey(Buffer.from(spelling)));
        const ruled = await rule(token, [keyOf(pair, 'k')]);
        expect(ruled).toMatchObject({ valid: false, signature: 'unseen' });
        expect(ruled.codes).toContain('alg-not-allowed');
      }
      const empty = `${encodeJson({ alg: family })}.${encodeJson({ exp: 1e10 })}`;
      const blank = `${empty}.${createHmac('sha256', '').update(empty).digest('base64url')}`;
      expect(await rule(blank, [keyOf(pair)])).toMatchObject({ valid: false });
    }
  });

  it('a key of one algorithm does not serve another of its family', async () => {
    for (const one of pairs) {
      for (const other of pairs.filter(({ alg, verifies }) => alg !== one.alg && verifies === one.verifies)) {
        const token = mintToken({ signer: { alg: other.alg, key: other.signs, kid: null }, now, claims: {} });
        expect((await rule(token, [keyOf(one)])).codes).toEqual(['alg-not-allowed']);
      }
    }
  });

  it.each(['none', 'None', 'NONE', 'nOnE', ' none', 'none\n', 'NoNe '])('alg %j is refused', async (alg) => {
    const input = `${encodeJson({ alg })}.${encodeJson({ exp: 1e10 })}`;
    for (const keys of [[keyOf(pairFor('HS256'))], [keyOf(pairFor('EdDSA'))], []]) {
      for (const token of [`${input}.`, `${input}.AAAA`]) {
        expect(await rule(token, keys)).toMatchObject({ valid: false, codes: ['alg-none'] });
      }
      expect((await rule(input, keys)).codes).toEqual(['not-three-parts']);
    }
  });
});

describe('form', () => {
  const pair = pairFor('HS256');
  const key = keyOf(pair);
  const good = signed({ alg: 'HS256' }, { exp: 1e10, sub: 'a' }, pair.signs);
  const text = (header: string, payload = `{"exp":1e10}`) =>
    sealed(`${Buffer.from(header).toString('base64url')}.${Buffer.from(payload).toString('base64url')}`, pair.signs);

  it.each([
    ['crit with something unknown', text('{"alg":"HS256","crit":["x"],"x":1}'), ['crit']],
    ['crit that is empty', text('{"alg":"HS256","crit":[]}'), ['crit']],
    ['crit that is no list', text('{"alg":"HS256","crit":"exp"}'), ['crit']],
    ['b64 false, declared', text('{"alg":"HS256","crit":["b64"],"b64":false}'), ['crit', 'b64']],
    ['b64 false, not declared', text('{"alg":"HS256","b64":false}'), ['b64']],
    ['alg twice', text('{"alg":"none","alg":"HS256"}'), ['duplicate-name']],
    ['alg twice, once escaped', text('{"alg":"HS256","\\u0061lg":"HS256"}'), ['duplicate-name']],
    ['exp twice', text('{"alg":"HS256"}', '{"exp":1,"exp":1e10}'), ['duplicate-name']],
    ['a name twice, deep inside', text('{"alg":"HS256"}', '{"exp":1e10,"a":[{"b":1,"b":2}]}'), ['duplicate-name']],
    ['no alg', text('{"typ":"JWT"}'), ['alg-missing']],
    ['alg that is no text', text('{"alg":["HS256"]}'), ['alg-missing']],
    ['kid that is no text', text('{"alg":"HS256","kid":7}'), ['kid-not-text']],
    ['a header that is a list', text('["HS256"]'), ['not-json']],
    ['a header with a byte order mark', text('\ufeff{"alg":"HS256"}'), ['not-json']],
    ['claims that are text', text('{"alg":"HS256"}', '"x"'), ['not-json']],
    ['claims with NaN', text('{"alg":"HS256"}', '{"exp":NaN}'), ['not-json']],
    [
      'claims that are not UTF-8',
      sealed(
        `${encodeJson({ alg: 'HS256' })}.${Buffer.from('7b2261223a22ff227d', 'hex').toString('base64url')}`,
        pair.signs,
      ),
      ['not-json'],
    ],
    ['padding', `${good}=`, ['not-canonical']],
    ['a newline after it', `${good}\n`, ['trailing-bytes']],
    ['a space before it', ` ${good}`, ['trailing-bytes']],
    ['a NUL after it', `${good}\0`, ['not-base64url']],
    ['the alphabet of base64', good.replace(/.$/, '+'), ['not-base64url']],
    ['a fourth part', `${good}.AAAA`, ['not-three-parts']],
    ['nothing', '', ['empty']],
    ['white space', ' \n', ['empty']],
  ])('%s is refused', async (_, token, codes) => {
    const ruled = await rule(token, [key]);
    expect(ruled.valid).toBe(false);
    expect(ruled.codes).toEqual(codes);
  });

  it('a last character with spare bits set is refused, although jose takes it', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(good.at(-1) ?? '');
    const twin = good.slice(0, -1) + alphabet[last ^ 1];
    await expect(compactVerify(twin, pair.verifies)).resolves.toBeDefined();
    expect(await rule(twin, [key])).toMatchObject({ valid: false, signature: 'good', codes: ['not-canonical'] });
  });

  it('a name that is said in two objects is not twice', async () => {
    expect(
      await rule(text('{"alg":"HS256"}', '{"exp":1e10,"a":{"x":1},"b":[{"x":1},{"x":2}],"c":"\\"x\\":"}'), [key]),
    ).toMatchObject({ valid: true });
  });

  it('a key that the token brings is passed over, and told', async () => {
    const stranger = pairFor('ES256');
    const header = { alg: 'ES256', jwk: stranger.verifies.export({ format: 'jwk' }), jku: 'http://evil.test' };
    const ruled = await rule(signed(header, { exp: 1e10 }, stranger.signs), [key]);
    expect(ruled.codes).toEqual(['alg-not-allowed', 'key-in-header']);
    expect(ruled.tried).toEqual([]);
  });

  it('says what was sent in place of a token', async () => {
    const text = async (token: string) => (await rule(token, [key])).findings[0]?.text;
    expect(await text('Vn3xnGcEDNmaHzcsaQ0hUqDcMF5dTXfL')).toContain('session token');
    expect(await text(`Vn3xnGcEDNmaHzcsaQ0hUqDcMF5dTXfL.${'A'.repeat(43)}=`)).toContain('session cookie');
    expect(await text('a.b.c.d.e')).toContain('JWE');
  });
});

describe('bounds', () => {
  const pair = pairFor('HS256');
  const key = keyOf(pair);
  const nested = (depth: number) => `{"exp":1e10,"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const token = (payload: string) =>
    sealed(`${encodeJson({ alg: 'HS256' })}.${Buffer.from(payload).toString('base64url')}`, pair.signs);

  it.each([
    ['a token of 1 MB', 'A'.repeat(1 << 20), 'too-large'],
    ['a signed token of 1 MB', token(JSON.stringify({ exp: 1e10, pad: 'x'.repeat(1 << 20) })), 'too-large'],
    ['a million dots', '.'.repeat(1e6), 'too-large'],
    ['JSON nested 100,000 deep', token(nested(1e5)), 'too-large'],
    ['JSON nested 5,000 deep', token(nested(5000)), 'not-json'],
    ['10,000 dots', '.'.repeat(1e4), 'not-three-parts'],
    ['quotes without end', token(`{"a":"${'\\"'.repeat(5000)}`), 'not-json'],
  ])('%s is refused with a code', async (_, text, code) => {
    const ruled = await rule(text, [key]);
    expect(ruled.valid).toBe(false);
    expect(ruled.codes).toEqual([code]);
  });

  it('the longest token that is looked at still verifies', async () => {
    const pad = 'x'.repeat(Math.floor((longestToken * 3) / 4) - 130);
    const long = token(JSON.stringify({ exp: 1e10, pad }));
    expect(long.length).toBeGreaterThan(longestToken - 100);
    expect(await rule(long, [key])).toMatchObject({ valid: true });
  });

  it('nothing that anybody sends makes it throw', async () => {
    const piece = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
      fc.constantFrom(encodeJson({ alg: 'HS256' }), encodeJson({ alg: 'none' }), '', '%2E', '='),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
        const ruled = await rule(pieces.join('.'), [key]);
        expect(ruled.valid).toBe(false);
        expect(ruled.codes.length).toBeGreaterThan(0);
      }),
      { numRuns: cases(500) },
    );
  });
});

function sealed(input: string, key: Parameters<typeof createHmac>[1] | (typeof pairs)[number]['signs']): string {
  const { sign } = nodeCrypto;
  const object = key as (typeof pairs)[number]['signs'];
  const bytes = Buffer.from(input);
  if (object.type !== 'secret') {
    return `${input}.${sign(object.asymmetricKeyType === 'ed25519' ? null : 'sha256', bytes, { key: object, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }
  const { alg = 'HS256' } = JSON.parse(headerOf(input)) as { alg?: string };
  const hash = /^HS(384|512)$/.exec(alg)?.[1] ?? '256';
  return `${input}.${createHmac(`sha${hash}`, object).update(bytes).digest('base64url')}`;
}

function headerOf(input: string): string {
  const text = Buffer.from(input.split('.')[0] ?? '', 'base64url').toString();
  try {
    JSON.parse(text);
    return text;
  } catch {
    return '{}';
  }
}

/** A JWS made by hand, so that not the code under test makes the expectation. */
function signed(header: object, claims: object, key: (typeof pairs)[number]['signs']): string {
  return sealed(`${encodeJson(header)}.${encodeJson(claims)}`, key);
}
