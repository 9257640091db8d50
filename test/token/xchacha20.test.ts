import { createHash } from 'node:crypto';
import { symmetricEncrypt } from 'better-auth/crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.js';
import { openPrivateKey } from '../../src/token/jwks-row.js';
import { parseSecrets, singleSecret } from '../../src/token/secrets.js';
import { hchacha20, openXChaCha20 } from '../../src/token/xchacha20.js';
import { randomBytes } from '../support/chance.js';
import fc from '../support/fast-check.js';
import { cases } from '../support/seed.js';

const hex = (text: string) => Buffer.from(text.replaceAll(/[\s:]/g, ''), 'hex');

describe('XChaCha20-Poly1305', () => {
  it('HChaCha20: draft-irtf-cfrg-xchacha-03 2.2.1', () => {
    const key = hex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
    const nonce = hex('00:00:00:09:00:00:00:4a:00:00:00:00:31:41:59:27');
    expect(hchacha20(key, nonce).toString('hex')).toBe(
      '82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc',
    );
  });

  it('opens what Better Auth seals, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.string({ minLength: 1, unit: 'grapheme' }),
        async (data, secret) => {
          const key = createHash('sha256').update(secret, 'utf8').digest();
          const sealed = Buffer.from(await symmetricEncrypt({ key: secret, data }), 'hex');
          expect(openXChaCha20(key, sealed)?.toString('utf8')).toBe(data);
          expect(openXChaCha20(randomBytes(32), sealed)).toBeNull();
          const at = Math.floor(sealed.length / 2);
          const changed = Buffer.from(sealed);
          changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
          expect(openXChaCha20(key, changed)).toBeNull();
          expect(openXChaCha20(key, sealed.subarray(0, 39))).toBeNull();
        },
      ),
      { numRuns: cases(60) },
    );
  });
});

describe('the private key of a jwks row', () => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'd' };
  const seal = async (key: Parameters<typeof symmetricEncrypt>[0]['key']) =>
    JSON.stringify(await symmetricEncrypt({ key, data: JSON.stringify(jwk) }));
  const one = singleSecret(new Secret('first-secret'));

  it('bare and versioned envelopes of Better Auth itself, and a row without encryption', async () => {
    const versioned = await seal({ keys: new Map([[7, 'first-secret']]), currentVersion: 7 });
    expect(versioned).toContain('$ba$7$');
    expect(openPrivateKey(await seal('first-secret'), one).jwk).toEqual(jwk);
    expect(openPrivateKey(versioned, parseSecrets('8:other,7:first-secret')).jwk).toEqual(jwk);
    expect(openPrivateKey(JSON.stringify(jwk), one).jwk).toEqual(jwk);
    expect(openPrivateKey(JSON.stringify(jwk), null).jwk).toEqual(jwk);
  });

  it('each way not to have it is told apart', async () => {
    const kind = (column: string, secrets: Parameters<typeof openPrivateKey>[1]) =>
      openPrivateKey(column, secrets).fault?.kind;
    const bare = await seal('first-secret');
    const versioned = await seal({ keys: new Map([[7, 'first-secret']]), currentVersion: 7 });
    expect(kind(bare, singleSecret(new Secret('first-secret ')))).toBe('wrong-secret');
    expect(kind(bare, parseSecrets('7:first-secret'))).toBe('no-legacy-secret');
    expect(kind(bare, parseSecrets('7:x', new Secret('first-secret')))).toBeUndefined();
    expect(kind(versioned, one)).toBe('retired-version');
    expect(kind(versioned, parseSecrets('7:other'))).toBe('wrong-secret');
    expect(kind(bare, null)).toBe('no-secret');
    for (const column of ['', 'null', '7', '"zz"', '"$ba$x$00"', '[]', '{', '"ab"'])
      expect(kind(column, one)).toMatch(/malformed|wrong-secret/);
  });
});
