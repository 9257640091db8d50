import type { Answer, ClockSeen } from './answer.js';
import type { Fit } from './holder.js';

/** The running backend. */
export interface BackendSeen {
  readonly url: string;
  readonly route: string;
  readonly anonymous: Answer;
  /** a well-formed token by a key that nobody has */
  readonly stranger: Answer;
  /** the frontend's fresh token; null where there is none */
  readonly token: Answer | null;
  /** it names the user whose token it was */
  readonly names: boolean;
  /** the frontend's token of another user */
  readonly second: Answer | null;
  /** tokens of our own, by candidate */
  readonly minted: readonly { readonly fits: readonly Fit[]; readonly answer: Answer }[];
  readonly untried: number;
  /** tokens with the right key and other claims: `without aud`, `iss ends in /` */
  readonly claims: readonly { readonly change: string; readonly value: string | null; readonly answer: Answer }[];
  /** a session token or cookie in place of a token */
  readonly clock: ClockSeen | null;
  /** the token again after a while; null where it was taken at once */
  readonly again: Answer | null;
}

/** The same question over many fresh connections. */
export interface ReplicasSeen {
  readonly frontend?: SampleSeen;
  readonly backend?: SampleSeen;
}

export interface SampleSeen {
  readonly connections: number;
  /** took what was sent, refused it, neither */
  readonly yes: number;
  readonly no: number;
  readonly unclear: number;
}

/** True for an answer to a token that says: this one is taken. Measured against what nobody and a stranger get. */
export function took(
  answer: Answer | null,
  { anonymous, stranger }: Pick<BackendSeen, 'anonymous' | 'stranger'>,
): boolean {
  if (answer === null || answer.status === 0 || answer.status === 401 || answer.status >= 500) return false;
  if (answer.status === 429 || answer.status === stranger.status) return false;
  // 403 and 404 are said to somebody who is known, where strangers get 401
  return answer.status < 300 ? anonymous.status >= 300 || anonymous.status === 0 : stranger.status === 401;
}
