import type { ProblemSpecs } from '../core/check.js';
import type { Datum, Finding, Placeholders } from '../core/finding.js';
import { fill } from '../core/finding.js';

/** Everything that can be wrong with a token. The codes are `token/verify.<name>`. */
export const problems = {
  'too-large': { level: 'fail', text: 'the token has {length} characters, more than {most}' },
  empty: { level: 'fail', text: 'there is no token: the text is empty' },
  'trailing-bytes': {
    level: 'fail',
    text: 'there is {what} around the token',
    hint: 'send the token alone; a newline is most often from echo or from a file',
  },
  'not-three-parts': { level: 'fail', text: 'a signed token has 3 parts, this has {parts}: {kind}' },
  'not-base64url': { level: 'fail', text: 'the {part} is not base64url: {why}' },
  'not-canonical': {
    level: 'fail',
    text: 'the {part} is base64url in a second spelling: {why}',
    hint: 'the token was changed or re-encoded on its way; some verifiers let that pass',
  },
  'not-json': { level: 'fail', text: 'the {part} is not a JSON object: {why}' },
  'duplicate-name': {
    level: 'fail',
    text: 'the {part} has {name} twice',
    hint: 'parsers disagree on which of the two counts (RFC 7515 4, RFC 7519 4)',
  },
  'alg-missing': { level: 'fail', text: 'the header has no alg' },
  'alg-none': {
    level: 'fail',
    text: 'alg is {alg}: the token is not signed at all',
    hint: 'a verifier that accepts it accepts every claim (RFC 8725 3.1)',
  },
  'alg-not-allowed': {
    level: 'fail',
    text: 'alg {alg} is not one of {allowed}',
    hint: 'the two sides mean different keys: HS256 is a shared secret, the others are the public keys of /jwks',
  },
  crit: { level: 'fail', text: 'crit wants {names} understood, which it is not (RFC 7515 4.1.11)' },
  b64: { level: 'fail', text: 'b64 is in the header: its payload would not be base64url (RFC 7797), which a JWT is' },
  'kid-not-text': { level: 'fail', text: 'kid is {type}, not a string' },
  'unknown-kid': {
    level: 'fail',
    text: 'no key is called {kid}: there are {known}',
    hint: 'the token is of another deployment, or its key was deleted, or these keys are an old copy',
  },
  'key-in-header': {
    level: 'warn',
    text: 'the header brings {names}: not looked at',
    hint: 'a verifier that takes a key from the token accepts any token (RFC 8725 3.10)',
  },
  'bad-signature': {
    level: 'fail',
    text: 'the signature is not that of {keys}',
    hint: 'lockstep token which tells whose it is, and what became of the secret',
  },
  'no-key-fits': { level: 'fail', text: 'none of the {count} keys can verify {alg}' },
  expired: { level: 'fail', text: 'expired {ago} ago, at {at}' },
  'not-yet': { level: 'fail', text: 'not valid before {at}, in {in}' },
  'no-exp': {
    level: 'fail',
    text: 'there is no exp: the token never expires',
    hint: 'jose, PyJWT and python-jose let that pass unless told otherwise (RFC 8725 3.8)',
  },
  'not-a-number': {
    level: 'fail',
    text: '{claim} is {type}, not a number of seconds',
    hint: 'PyJWT and python-jose take a string of digits for a number, jose does not (RFC 7519 2)',
  },
  'issued-in-future': {
    level: 'warn',
    text: 'iat is {in} in the future',
    hint: 'the clocks differ; PyJWT refuses such a token, jose does not',
  },
  aud: { level: 'fail', text: 'aud is {aud}, expected {expected}' },
  'no-aud': { level: 'fail', text: 'aud is missing, expected {expected}' },
  iss: { level: 'fail', text: 'iss is {iss}, expected {expected}' },
  'no-iss': { level: 'fail', text: 'iss is missing, expected {expected}' },
  'sub-not-text': {
    level: 'warn',
    text: 'sub is {type}, not a string',
    hint: 'python-jose and PyJWT from 2.10 refuse it (RFC 7519 4.1.2)',
  },
} as const satisfies ProblemSpecs;

export type ProblemName = keyof typeof problems;
type Evidence<N extends ProblemName> = Readonly<Record<Placeholders<(typeof problems)[N]['text']>, Datum>>;

/** One fault of a token. Its text quotes only what is in the evidence, safe for a terminal. */
export function fault<N extends ProblemName>(name: N, data: Evidence<N>, hint?: string): Finding {
  const { level, text, ...rest }: ProblemSpecs[string] = problems[name];
  const advice = hint ?? rest.hint;
  return {
    code: `token/verify.${name}`,
    level,
    text: fill(text, data),
    ...(advice === undefined ? {} : { hint: advice }),
    data,
  };
}

/** What kind of JSON value something is, with its article. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  const type = typeof value;
  return type === 'object' ? 'an object' : `a ${type}`;
}
