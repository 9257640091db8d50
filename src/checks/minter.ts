import { createHmac, timingSafeEqual } from 'node:crypto';
import { inconclusive, skip } from '../core/check.js';
import type { Probe } from '../core/probe.js';
import { refusal } from '../core/refused.js';
import type { Algorithm } from '../token/algorithms.js';
import { headerOf, marked, parts } from '../token/forge.js';
import { newestLive, openPrivateKey, rowSigner } from '../token/jwks-row.js';
import { secretKey } from '../token/key.js';
import type { Signer } from '../token/mint.js';
import { mintToken } from '../token/mint.js';
import type { Token } from './fetch-token.js';
import type { Measure } from './refusals.js';

/** Makes tokens that are rightly signed, as only the holder of the key can: for what a forger cannot ask. */
export interface Minter {
  readonly signer: Signer;
  /** where the key is from, in words */
  readonly place: string;
  /**
   * The claims of the genuine token with some replaced (undefined removes one), rightly signed. Unless `claims` says
   * otherwise it is dead within a minute, and it carries the mark of forgeries. `header`: more members of its header.
   */
  mint(claims: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): string;
}

/**
 * The minter for the key that signed a genuine token, proven by that token: the shared secret among the candidates, or
 * the private key of the jwks row under one of them. Else why there is none, in words that finish "cannot mint: ...".
 */
export async function minterFor(probe: Probe, token: Token): Promise<Minter | string> {
  const found = /^HS(256|384|512)$/.test(token.alg) ? bySecret(probe, token) : await byRow(probe, token);
  if (typeof found === 'string') return found;
  const { signer, place } = found;
  return {
    signer,
    place,
    mint(claims, header = {}) {
      const all: Record<string, unknown> = { ...token.claims, ...marked(probe.now()), ...claims };
      for (const [name, value] of Object.entries(all)) if (value === undefined) delete all[name];
      const broken = 'exp' in all ? [] : (['no-exp'] as const);
      return mintToken({ signer, now: probe.now(), claims: all, broken, header });
    },
  };
}

/**
 * The minter, once the API has taken a token of its making; else how the check ends. Without this control a refusal would
 * say nothing of exp, aud or nbf.
 */
export async function provenMinter(
  probe: Probe,
  { token, route }: Measure,
): Promise<Minter | ReturnType<typeof skip> | ReturnType<typeof inconclusive>> {
  const minter = await minterFor(probe, token);
  if (typeof minter === 'string') return skip(`cannot mint: ${minter}`);
  const control = await probe.api.get(route.path, { bearer: minter.mint({}) });
  if (refusal(control, route).kind === 'accepted') return minter;
  return inconclusive(`${control.url} answered ${control.status} to a good token minted with ${minter.place}`);
}

type Found = Pick<Minter, 'signer' | 'place'>;

function bySecret({ material }: Probe, token: Token): Found | string {
  const { header, payload, signature } = parts(token.jwt.reveal());
  const genuine = Buffer.from(signature, 'base64url');
  for (const { place, set } of material.candidates) {
    const mac = createHmac(`sha${token.alg.slice(2)}`, set.current.reveal())
      .update(`${header}.${payload}`)
      .digest();
    if (mac.length !== genuine.length || !timingSafeEqual(mac, genuine)) continue;
    return { place, signer: { alg: token.alg as Algorithm, key: secretKey(set.current, place).object, kid: null } };
  }
  return material.candidates.length === 0
    ? 'no secret is known: --secret-env or --secret-file gives one'
    : 'none of the secrets that are known signed the token';
}

async function byRow(probe: Probe, token: Token): Promise<Found | string> {
  const rows = await probe.material.jwks();
  if (rows === null) return 'the private key is in the database, and none is given: LOCKSTEP_DATABASE';
  const { kid } = headerOf(token.jwt.reveal());
  const row = rows.find(({ id }) => id === kid) ?? newestLive(rows, probe.now(), token.alg);
  if (row === null) return 'the database has no key row for this token';
  const plain = openPrivateKey(row.privateKey, null);
  const opened = [{ place: 'the database', opening: plain }].concat(
    probe.material.candidates.map(({ place, set }) => ({
      place: `the database, opened by ${place}`,
      opening: openPrivateKey(row.privateKey, set),
    })),
  );
  for (const { place, opening } of opened) {
    const signer = opening.jwk === null ? null : rowSigner(row, opening.jwk);
    if (signer !== null) return { place, signer };
  }
  return 'no secret that is known opens the key row';
}
