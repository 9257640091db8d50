import { describe, expect, it } from 'vitest';
import { claimsOf, isToken } from '../../src/client/credential.js';
import { jwt } from '../support/wire.js';

describe('a token', () => {
  it.each([
    ['a JWS', jwt({ sub: 'a' })],
    ['a JWE', 'eyJhbGciOiJSU0EifQ.key.iv.text.tag'],
    ['a JWE without an encrypted key', 'eyJhbGciOiJkaXIifQ..iv.text.tag'],
    ['an opaque one', 'a3f9'],
    ['one that begins like a placeholder', 'nullable-1'],
    ['one that ends like one', 'my-token'],
    ['base64 with its padding', 'QUJD+/Q=='],
  ])('may be %s', (_what, text) => {
    expect(isToken(text)).toBe(true);
  });

  it.each([
    ['a JWS without its signature', 'eyJhbGciOiJub25lIn0.e30.'],
    ['a JWS without its payload', 'eyJhbGciOiJub25lIn0..c2ln'],
    ['four parts', 'eyJhbGciOiJSU0EifQ.key.iv.text'],
    ['a JWE without its text', 'eyJhbGciOiJSU0EifQ.key.iv..tag'],
    ['six parts', 'eyJhbGciOiJSU0EifQ.key.iv.text.tag.more'],
    ['a number', 5],
    ['nothing', undefined],
    ['an object', { token: 't0' }],
  ])('is not %s', (_what, value) => {
    expect(isToken(value)).toBe(false);
  });
});

describe('the claims of a token', () => {
  it('are read from base64url and UTF-8', () => {
    // both letters that base64 spells otherwise
    expect(jwt({ sub: '>>>???' })).toMatch(/-.*_/);
    expect(claimsOf(jwt({ sub: '>>>???', exp: 7 }))).toEqual({ exp: 7_000, sub: '>>>???' });
    expect(claimsOf(jwt({ sub: 'Zoë' })).sub).toBe('Zoë');
  });

  it.each([
    ['an opaque token', 'a3f9'],
    ['a JWE', 'eyJhbGciOiJSU0EifQ.eyJzdWIiOiJhIn0.iv.text.tag'],
    ['two parts', 'eyJhbGciOiJSU0EifQ.eyJzdWIiOiJhIn0'],
    ['a payload that is no JSON', 'eyJhbGciOiJSU0EifQ.YQ.c2ln'],
    ['a payload that is null', 'eyJhbGciOiJSU0EifQ.bnVsbA.c2ln'],
    ['claims of other types', jwt({ sub: 5, exp: '7' } as never)],
  ])('are those of nobody for %s', (_what, token) => {
    expect(claimsOf(token)).toEqual({ exp: Number.POSITIVE_INFINITY, sub: null });
  });
});
