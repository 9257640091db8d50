import type { KeyObject } from 'node:crypto';
import { createSecretKey } from 'node:crypto';
import type { Answer } from '../../core/evidence/answer.js';
import type { BackendSeen } from '../../core/evidence/backend.js';
import { took } from '../../core/evidence/backend.js';
import type { TokenSeen } from '../../core/evidence/credential.js';
import type { Fit } from '../../core/evidence/holder.js';
import { reveals } from '../../core/reply.js';
import type { Candidate } from '../../env-file/evidence/lattice.js';
import type { Signer } from '../../token/mint.js';
import { mintToken } from '../../token/mint.js';
import type { Asked, Line } from './ask.js';
import { ask } from './ask.js';
import type { SignedIn } from './session.js';

/** Tokens of our own that a backend is sent at most, the stranger's among them. */
const most = 25;
const together = 8;
const lifetime = 60;

export interface BackendQuestion {
  readonly api: string;
  /** the route that says who the caller is */
  readonly route: string;
  readonly candidates: readonly Candidate[];
  readonly exact: number;
  /** whether it may be one that trusts a shared secret */
  readonly symmetric: 'yes' | 'no' | 'perhaps';
  /** the frontend's tokens, once they are there; null where nobody signs in */
  readonly session: Promise<{ readonly user: SignedIn; readonly token: TokenSeen | null } | null>;
  readonly second: () => Promise<SignedIn | null>;
  /** signs as the frontend does, where its key is known */
  readonly rowSigner: Promise<Signer | null>;
  /** issuers and audiences that it may expect, by where they are written */
  readonly names: readonly { readonly name: string; readonly value: string }[];
}

/** The running backend: does it take the frontend's token, and if not, what would it take? */
export async function lookAtBackend(line: Line, question: BackendQuestion): Promise<BackendSeen> {
  const url = `${question.api}${question.route}`;
  const get = (bearer?: string) => ask(line, url, bearer === undefined ? {} : { bearer });
  const stranger = mint({ alg: 'HS256', kid: null, key: createSecretKey(line.random(64)) }, nobody(), line.now());
  const [anonymous, strangers, session] = await Promise.all([get(), get(stranger), question.session]);
  const controls = { anonymous: anonymous.answer, stranger: strangers.answer };
  const jwt = session?.user.token ?? null;
  const token = jwt === null ? null : await get(jwt.reveal());
  const taken = token !== null && took(token.answer, controls);
  const second = token !== null && !taken ? await question.second() : null;
  const secondly = second?.token == null ? null : await get(second.token.reveal());
  const claims = {
    ...nobody(),
    ...(session?.user.userId ? { sub: session.user.userId, email: session.user.email } : {}),
  };
  const minted =
    taken || question.symmetric === 'no'
      ? { answers: [], tried: 0, key: null }
      : await mintedBy(line, question, session?.token ?? null, claims, controls, get);
  const changed = taken ? [] : await otherClaims(line, question, session, minted.key, claims, get);
  return {
    url: question.api,
    route: question.route,
    ...controls,
    token: token?.answer ?? null,
    names: token?.reply != null && (session?.user.userId ? reveals(token.reply, session.user.userId) : false),
    second: secondly?.answer ?? null,
    minted: minted.answers,
    untried: question.candidates.length - minted.tried,
    claims: changed,
    clock: anonymous.clock ?? strangers.clock,
    again: null,
  };
}

type Get = (bearer: string) => Promise<Asked>;
type Controls = { readonly anonymous: Answer; readonly stranger: Answer };

/** A subject that nobody is; the claim says who made the token. */
function nobody(): Record<string, unknown> {
  return { sub: 'lockstep-diagnose', type: 'access', lockstep: 'diagnose' };
}

/** Tokens under each candidate, the likely ones first, until one is taken. */
async function mintedBy(
  line: Line,
  { candidates, exact, symmetric }: BackendQuestion,
  like: TokenSeen | null,
  own: Record<string, unknown>,
  controls: Controls,
  get: Get,
) {
  const claims = {
    ...own,
    ...(like?.iss == null ? {} : { iss: like.iss }),
    ...(like?.aud == null ? {} : { aud: like.aud }),
  };
  // where the frontend signs by a key pair, what a shared secret may have become is not asked for
  const wide = symmetric === 'yes' || like === null || like.alg?.startsWith('HS') === true;
  const asked = candidates.slice(0, wide ? most - 1 : Math.min(exact, 8));
  const answers: { fits: readonly Fit[]; answer: Answer }[] = [];
  let tried = 0;
  for (let at = 0; at < asked.length; at += together) {
    const some = asked.slice(at, at + together);
    tried += some.length;
    const got = await Promise.all(
      some.map(async ({ bytes, fits }) => {
        const key = createSecretKey(bytes);
        return { fits, key, answer: (await get(mint({ alg: 'HS256', kid: null, key }, claims, line.now()))).answer };
      }),
    );
    answers.push(...got.map(({ fits, answer }) => ({ fits: fits.slice(0, 12), answer })));
    const taken = got.find(({ answer }) => took(answer, controls));
    if (taken !== undefined) return { answers, tried, key: taken.key };
  }
  return { answers, tried, key: null };
}

/** Tokens with the frontend's own key and other claims: which of them would have been taken? */
async function otherClaims(
  line: Line,
  question: BackendQuestion,
  session: Awaited<BackendQuestion['session']>,
  key: KeyObject | null,
  own: Record<string, unknown>,
  get: Get,
): Promise<BackendSeen['claims']> {
  const token = session?.token ?? null;
  if (token === null) return [];
  const signer = await signerOf(token, question, key);
  if (signer === null) return [];
  const base = {
    ...own,
    ...(token.iss === null ? {} : { iss: token.iss }),
    ...(token.aud === null ? {} : { aud: token.aud }),
  };
  const without = (name: string) => Object.fromEntries(Object.entries(base).filter(([claim]) => claim !== name));
  const past = Math.floor(line.now() / 1000) - 3600;
  const changes: { change: string; value: string | null; claims: Record<string, unknown>; ttl?: number }[] = [
    { change: 'nothing', value: null, claims: base },
    ...(token.aud === null ? [] : [{ change: 'without aud', value: null, claims: without('aud') }]),
    ...(token.iss === null ? [] : [{ change: 'without iss', value: null, claims: without('iss') }]),
    { change: 'dated an hour ago', value: null, claims: { ...base, iat: past }, ttl: 3600 },
    { change: 'valid for a day', value: null, claims: base, ttl: 86_400 },
    ...question.names
      .slice(0, 6)
      .flatMap(({ name, value }) => [
        ...(value === token.iss ? [] : [{ change: `iss of ${name}`, value, claims: { ...base, iss: value } }]),
        ...(value === token.aud ? [] : [{ change: `aud of ${name}`, value, claims: { ...base, aud: value } }]),
        ...(value === token.iss || value === token.aud
          ? []
          : [{ change: `iss and aud of ${name}`, value, claims: { ...base, iss: value, aud: value } }]),
      ]),
  ];
  return Promise.all(
    changes.map(async ({ change, value, claims, ttl }) => {
      const { answer } = await get(mint(signer, claims, line.now(), ttl));
      return { change, value, answer };
    }),
  );
}

async function signerOf(
  token: TokenSeen,
  { candidates, rowSigner }: BackendQuestion,
  key: KeyObject | null,
): Promise<Signer | null> {
  if (token.alg !== 'HS256') return rowSigner;
  if (key !== null) return { alg: 'HS256', kid: null, key };
  const own = candidates.find(({ fits }) => fits.some((fit) => token.fits.some((other) => same(fit, other))));
  return own === undefined ? null : { alg: 'HS256', kid: null, key: createSecretKey(own.bytes) };
}

function same(one: Fit, other: Fit): boolean {
  return one.holder === other.holder && one.variant === other.variant;
}

function mint(signer: Signer, claims: Record<string, unknown>, now: number, ttl = lifetime): string {
  return mintToken({ signer, now, ttl, claims });
}
