import type { Backoff } from '../backoff.js';
import type { DownClass } from './classes.js';

export type Phase =
  /** nothing is wanted, or nobody is known to be signed in */
  | 'idle'
  | 'refreshing'
  /** a handshake is under way; the socket is ours from its first moment */
  | 'connecting'
  /** open, but the server has not said yes */
  | 'confirming'
  | 'live'
  | 'backoff'
  | 'auth-failed'
  | 'failed'
  | 'closed';

/** What is known of the credential: `expired` can be renewed, `no` cannot be used at all. */
export interface Auth {
  readonly generation: number;
  readonly usable: 'yes' | 'expired' | 'no';
}

/** One auth-gated connection, as a value. Times are monotonic milliseconds. */
export interface SocketState {
  readonly phase: Phase;
  /** somebody asked for a connection and the server has not ended it in good order */
  readonly wanted: boolean;
  /** number of the latest socket; whatever an older one says is history */
  readonly socket: number;
  /** the generation of the credential that it was opened with */
  readonly generation: number;
  /** losses since the last confirmed connection, and when the first of them was */
  readonly attempt: number;
  readonly since: number;
  /** the one refresh of this live period is spent */
  readonly refreshed: boolean;
  /** the refresh under way only asks whether the session lives: the platform hid why the handshake failed */
  readonly probing: boolean;
  /** a connection to this URL has worked */
  readonly everLive: boolean;
  /** when the wait is over, and when it was last cut short */
  readonly due: number;
  readonly hurried: number;
}

export const initialSocket: SocketState = {
  phase: 'idle',
  wanted: false,
  socket: 0,
  generation: 0,
  attempt: 0,
  since: 0,
  refreshed: false,
  probing: false,
  everLive: false,
  due: 0,
  hurried: Number.NEGATIVE_INFINITY,
};

export type SocketEvent =
  | { readonly type: 'connect'; readonly auth: Auth | null }
  /** a confirmed credential is there, or a newer one */
  | { readonly type: 'auth'; readonly auth: Auth }
  | { readonly type: 'opened'; readonly socket: number }
  | { readonly type: 'ack'; readonly socket: number }
  | {
      readonly type: 'down';
      readonly socket: number;
      readonly class: DownClass;
      /** what the server asked to wait */
      readonly floor: number;
      /** the server sent everybody away at once (1001, 1012) */
      readonly crowd: boolean;
      readonly now: number;
    }
  /** the wait is over */
  | { readonly type: 'due'; readonly auth: Auth | null; readonly now: number }
  /** the refresh that was asked for ended well */
  | { readonly type: 'refreshed'; readonly auth: Auth }
  /** it did not */
  | ({ readonly type: 'unrefreshed'; readonly now: number } & Unrenewed)
  /** the network is back */
  | { readonly type: 'online'; readonly now: number }
  | { readonly type: 'end' };

/** An event without its time; what has one gets it when it is dispatched. */
export type Happening = SocketEvent extends infer E ? (E extends unknown ? Omit<E, 'now'> : never) : never;

/** Why there is no newer credential, and how long to wait at least before asking again. */
export interface Unrenewed {
  /** `dead` when the session is over, `later` when there was no answer, `pointless` when it was held back */
  readonly why: 'dead' | 'later' | 'pointless';
  readonly floor: number;
}

export type SocketEffect =
  | { readonly do: 'open'; readonly socket: number; readonly generation: number }
  /** say who connects, and start waiting for the answer */
  | { readonly do: 'greet'; readonly socket: number }
  /** tell a live server about a newer credential */
  | { readonly do: 'reauth'; readonly socket: number }
  | { readonly do: 'close'; readonly socket: number }
  /** forget a socket that is down, or as good as down */
  | { readonly do: 'drop'; readonly socket: number }
  | { readonly do: 'refresh'; readonly generation: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'stop-waiting' };

export interface SocketPolicy {
  readonly backoff: Backoff;
  /** tries without a confirmed connection, and the milliseconds they may take */
  readonly maxAttempts: number;
  readonly maxElapsed: number;
  /** a wait is not cut below `hurryFloor`, nor more often than once per `hurryEvery` */
  readonly hurryFloor: number;
  readonly hurryEvery: number;
}

export const defaultSocketPolicy: SocketPolicy = {
  backoff: { base: 500, cap: 30_000 },
  maxAttempts: 8,
  maxElapsed: 300_000,
  hurryFloor: 250,
  hurryEvery: 10_000,
};
