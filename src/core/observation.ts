import type { Data } from './finding.js';
import { fill } from './finding.js';

/** Where in a source tree something stands. `excerpt` is the text from there to the end of its line, without secrets. */
export interface SourcePlace {
  /** from the root of the tree, with slashes */
  readonly path: string;
  /** from 1 */
  readonly line: number;
  readonly column: number;
  readonly excerpt: string;
}

/** Everything that can be seen in source trees, in the words that a user will read. Codes are for ever. */
export const observed = {
  'auth.instance': 'Better Auth is set up; jwt plugin: {jwt}',
  'jwt.option-ignored': '`{option}` is not an option there and is ignored without a word; {right}',
  'jwt.expiration-number': 'a number is an absolute time: {seconds} is a second of {year}, and every token is expired',
  'jwt.expiration-unreadable': 'this is not a time span that Better Auth can read: /token answers 500',
  'jwt.algorithm-unsupported': 'the jwt plugin cannot sign with {alg}: /token and /jwks answer 500',
  'client.instance': 'the client of Better Auth is set up; jwtClient: {jwt}',
  'client.token-call': 'the client asks for a token with `{member}`',
  'route.token': 'the application answers {path} itself, before the jwt plugin can',
  'session.jwt-read': 'reads `jwt` of a session, which has no such member',
  'session.jwt-typed': 'a type promises `jwt` of a session, which has no such member',
  'chatkit.options-wrapped': 'useChatKit takes its parameters at the top level, not in `options`',
  'token.signed': 'the application signs tokens itself, by {library} with {alg}',
  'secret.literal': 'a secret is written into the source: {purpose}',
  'secret.fallback': 'without {name} a value from the source serves as the secret',
  'secret.public-name': '{prefix}* is sent to every browser, and {name} is named like a secret',
  'secret.read': 'the secret is taken from {name}',
  'secret.decoded': 'the secret is decoded from {as} before use',
  'verify.call': 'tokens are verified here by {library}, algorithms: {algorithms}',
  'verify.off': 'claims are read here by {library} without verification',
  'jwks.url': 'the keys are fetched from …{path}',
  'socket.opened': 'a browser opens the socket at {path}',
  'edge.router': '{kind} routes {rule}',
  'edge.location': 'nginx hands on {path}; upgrade: {upgrade}',
} as const;

export type ObservationKind = keyof typeof observed;

/** One thing that was seen in source code, before it is known whose code that is. */
export interface Sighting extends SourcePlace {
  readonly kind: ObservationKind;
  /** what it means, in words */
  readonly means: string;
  /** names, algorithms, classes; never a value that could be secret */
  readonly data: Data;
}

/** Something that a source tree says: plain data, so that it can be recorded and handed on. */
export interface Observation extends Sighting {
  readonly side: 'frontend' | 'backend' | 'edge';
}

export function sighting(kind: ObservationKind, place: SourcePlace, data: Data = {}): Sighting {
  return { kind, ...place, means: fill(observed[kind], data), data };
}
