import { createHmac, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  type JWK,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose';
import { fault } from '../planted.js';

/** Asks for the key set of the auth server. */
type Published = () => Promise<readonly JWK[]>;

/**
 * The payload of a token that a mistake verifies with a key which is not the auth server's, or not as it was meant; null
 * for all others, which then go the healthy way.
 */
export async function byStrangeKey(
  token: string,
  published: Published,
  options: JWTVerifyOptions,
): Promise<JWTPayload | null> {
  const header = headerOf(token);
  const { alg, kid, jwk, x5c } = header;
  if (fault('F053') && alg === 'HS256') return sealed(token, Buffer.from((await keyOf(published, kid)).x ?? ''));
  if (fault('F054') && alg === 'HS256') return sealed(token, Buffer.from(pem(await keyOf(published, kid))));
  if (fault('F056') && Array.isArray(header.crit)) {
    const crit = Object.fromEntries(header.crit.map((name) => [name, true]));
    const key = await importJWK(await keyOf(published, kid), alg);
    return (await jwtVerify(token, key, { ...options, crit })).payload;
  }
  if (fault('F057') && jwk !== undefined) return (await jwtVerify(token, await importJWK(jwk, alg), options)).payload;
  if (fault('F059') && x5c?.[0] !== undefined) {
    const { publicKey } = new X509Certificate(Buffer.from(x5c[0], 'base64'));
    return (await jwtVerify(token, publicKey, options)).payload;
  }
  if (fault('F060') && typeof kid === 'string' && kid.includes('/'))
    return sealed(token, readFileSync(resolve('keys', kid)));
  return null;
}

/** The healthy way says what is wrong with one that cannot be read. */
function headerOf(token: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(token);
  } catch {
    return {};
  }
}

async function keyOf(published: Published, kid: string | undefined): Promise<JWK> {
  const keys = await published();
  return keys.find((key) => key.kid === kid) ?? keys[0] ?? {};
}

function pem(jwk: JWK): string {
  return String(createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' }));
}

/** HS256 by hand: jose refuses an empty key. */
function sealed(token: string, key: Uint8Array): JWTPayload | null {
  const input = token.slice(0, token.lastIndexOf('.'));
  const seal = createHmac('sha256', key).update(input).digest('base64url');
  return token === `${input}.${seal}` ? decodeJwt(token) : null;
}
