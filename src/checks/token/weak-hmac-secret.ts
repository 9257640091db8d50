import { createHmac } from 'node:crypto';
import { defineCheck, ending, skip } from '../../core/check.js';
import type { Material } from '../../core/material.js';
import { weakness } from '../../env-file/strength.js';
import { publicDefault } from '../../env-file/variants.js';
import { parts } from '../../token/forge.js';
import { knownSecrets } from '../../token/known-secrets.js';
import { equal } from '../../token/signature.js';
import type { Token } from '../fetch-token.js';
import session from '../session/login.js';
import type { SessionCookie } from '../session-cookie.js';
import { sessionCookieIn } from '../session-cookie.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/weak-hmac-secret',
  title: 'the secret that seals cookies and tokens is on no list',
  severity: 'critical',
  impact: 'offline',
  source: ['RFC 8725 3.5', 'RFC 7518 3.2', 'ASVS 11.2.3', 'ASVS 13.2.3', 'WSTG-CRYP-04'],
  needs: { session, token },
  problems: {
    known: {
      level: 'fail',
      text: '{what} is sealed with {where}: anybody can make one',
      hint: 'put a fresh one into both halves, and restart them: `lockstep secret` makes one',
    },
    weak: {
      level: 'warn',
      text: '{what} is sealed with {place}, which is {how}',
      hint: 'a secret wants 32 random bytes: `lockstep secret` makes one',
    },
  },
  async run({ auth, material }, { session, token }) {
    const cookie = sessionCookieIn(await session.jar.cookieHeader(`${auth.base}/get-session`));
    const seals = [...sealOfCookie(cookie), ...sealOfToken(token)];
    if (seals.length === 0)
      return skip('no shared secret signs the token, and the session is in no cookie that one has sealed');
    const guesses = [
      ...[...knownSecrets].map((secret) => ({ secret, where: wordsFor(secret) })),
      ...examples(material),
    ];
    // one after the other, offline, and no more than this list: guessing on is not what a check does
    const known = seals.flatMap((seal) => {
      const guess = guesses.find(({ secret }) => fits(seal, secret));
      return guess === undefined ? [] : [{ code: 'known' as const, data: { what: seal.what, where: guess.where } }];
    });
    const weak = seals.flatMap((seal) => {
      const own = material.candidates.find(({ set }) => fits(seal, set.current.reveal()));
      const how = own === undefined ? null : weakness(own.set.current);
      if (own === undefined || how === null) return [];
      return [{ code: 'weak' as const, data: { what: seal.what, place: own.place, how: inWords[how] } }];
    });
    return ending(known, known.length > 0 ? [] : weak);
  },
});

const inWords = {
  'public-default': 'the default that everybody knows',
  placeholder: 'a placeholder',
  short: 'shorter than 32 characters',
  'low-entropy': 'too regular',
} as const;

/** Something under an HMAC of the secret. */
interface Seal {
  readonly what: string;
  readonly hash: string;
  readonly input: string;
  readonly mac: Buffer;
}

function sealOfCookie(cookie: SessionCookie | null): Seal[] {
  return cookie === null ? [] : [{ what: 'the session cookie', hash: 'sha256', input: cookie.token, mac: cookie.mac }];
}

function sealOfToken({ jwt, alg }: Token): Seal[] {
  const bits = /^HS(256|384|512)$/.exec(alg)?.[1];
  if (bits === undefined) return [];
  const { header, payload, signature } = parts(jwt.reveal());
  const input = `${header}.${payload}`;
  return [{ what: 'the token', hash: `sha${bits}`, input, mac: Buffer.from(signature, 'base64url') }];
}

function fits({ hash, input, mac }: Seal, secret: string): boolean {
  return equal(createHmac(hash, secret).update(input).digest(), mac);
}

function wordsFor(secret: string): string {
  return secret === publicDefault ? 'the default secret of Better Auth' : 'a secret that is on every list';
}

/** What examples beside the env files have as values. They are in the repository. */
function examples({ halves }: Material): { readonly secret: string; readonly where: string }[] {
  const files =
    halves === null ? [] : [halves.frontend, halves.backend].flatMap(({ files, siblings }) => [...files, ...siblings]);
  return files
    .filter(({ path }) => /\.(example|sample|template|dist)$/.test(path))
    .flatMap(({ path, found }) => {
      if (found.kind !== 'file') return [];
      const lines = Buffer.from(found.bytes).toString('utf8').split(/\r?\n/);
      const values = lines.map((line) => /^\s*(?:export\s+)?[\w.]+\s*=\s*(.*?)\s*$/.exec(line)?.[1] ?? '');
      return values
        .map((value) => value.replace(/^(["'])(.*)\1$/, '$2'))
        .filter((value) => value !== '')
        .map((secret) => ({ secret, where: `a value of ${path}` }));
    });
}
