import type { Failure } from '../failure.js';

/** A token, and what is known of it. Times are milliseconds of the monotonic clock. */
export interface Credential {
  /** that of the state it was committed in */
  readonly epoch: number;
  /** grows by one with each credential of this client, never comes back */
  readonly generation: number;
  readonly token: string;
  /** Infinity where nobody said */
  readonly expiresAt: number;
  readonly obtainedAt: number;
  /** only a credential that a refresh brought can show that refreshing does not help */
  readonly by: 'store' | 'sign-in' | 'refresh';
  /** whose it is, where the token or the application says so */
  readonly user: string | null;
  /** a protected route answered it with something other than 401 */
  readonly proven: boolean;
  /** refused on the retry, although it had just been obtained */
  readonly poisoned: boolean;
}

/** What merely lay in a store is a hope until the server has said something. */
export function isConfirmed(credential: Credential | null): credential is Credential {
  return credential !== null && (credential.by !== 'store' || credential.proven);
}

/** The one refresh under way. */
export interface Flight {
  readonly id: number;
  /** the generation that it replaces, 0 for none */
  readonly from: number;
  /** the token that was refused or is about to expire; the same one coming back is no news */
  readonly refused: string | null;
}

/** Everything the coordination knows. A value: `reduce` makes the next one. */
export interface State {
  /** grows with sign-in, sign-out and a change of user; work of an older epoch is void */
  readonly epoch: number;
  /** the last generation and the last flight that were given out */
  readonly generations: number;
  readonly flights: number;
  readonly credential: Credential | null;
  readonly flight: Flight | null;
  readonly dead: null | 'session-dead' | 'signed-out';
  /** no refresh before this time */
  readonly coolUntil: number;
}

export const initialState: State = {
  epoch: 0,
  generations: 0,
  flights: 0,
  credential: null,
  flight: null,
  dead: null,
  coolUntil: Number.NEGATIVE_INFINITY,
};

/** A token as a refresh, a sign-in or a store hands it over. */
export interface Token {
  readonly token: string;
  /** monotonic milliseconds, Infinity where unknown */
  readonly expiresAt: number;
  readonly user: string | null;
}

/** What can happen. */
export type Event =
  /** somebody wants to send; `epoch` is that of the first attempt of the same request */
  | { readonly type: 'request'; readonly epoch: number }
  /** any answer but 401 to a request with this credential */
  | { readonly type: 'accepted'; readonly used: Credential }
  | { readonly type: 'refused'; readonly used: Credential; readonly request: Refused }
  /** the retry with this credential got a 401 too */
  | { readonly type: 'refused-again'; readonly used: Credential }
  /** a refresh is wanted ahead of need, for everybody */
  | { readonly type: 'ahead' }
  | { readonly type: 'obtained'; readonly flight: number; readonly token: Token }
  | { readonly type: 'failed'; readonly flight: number; readonly failure: Failure }
  /** nobody waits for this flight any more */
  | { readonly type: 'abandoned'; readonly flight: number }
  | { readonly type: 'signed-in'; readonly token: Token | null; readonly by: 'store' | 'sign-in' }
  /** another holder of the same store wrote this */
  | { readonly type: 'adopted'; readonly token: Token; readonly by: 'sign-in' | 'refresh' }
  | { readonly type: 'signed-out' };

/** A request that got a 401. */
export interface Refused {
  /** its body can be sent again */
  readonly replayable: boolean;
  /** it has waited for a refresh already */
  readonly refreshed: boolean;
}

/** What follows from an event, for the one who reported it. */
export type Decision =
  | { readonly do: 'nothing' }
  | { readonly do: 'send'; readonly credential: Credential }
  /** for the flight of the state */
  | { readonly do: 'wait' }
  | { readonly do: 'reject'; readonly failure: Failure }
  /** the flight that was reported is over; null means that a newer credential is there */
  | { readonly do: 'settle'; readonly failure: Failure | null };

/** The next state, and what follows. */
export type Step = readonly [State, Decision];

/** How patient and how careful the coordination is, in milliseconds. */
export interface Policy {
  /** a credential with less life than this is renewed before it is used */
  readonly stale: number;
  /** a renewed credential younger than this is not renewed again */
  readonly fresh: number;
  /** a renewed credential that never worked, or failed at once, is not renewed again before this */
  readonly breaker: number;
  /** after a refresh that failed for the moment; the server may ask for more, up to `cooldownMax` */
  readonly cooldown: number;
  readonly cooldownMax: number;
  /** a refresh that takes longer is given up */
  readonly timeout: number;
}

export const defaultPolicy: Policy = {
  stale: 10_000,
  fresh: 10_000,
  breaker: 60_000,
  cooldown: 5_000,
  cooldownMax: 60_000,
  timeout: 30_000,
};
