import { isToken } from '../credential.js';
import { askedWait, ClientError, type Failure } from '../failure.js';
import type { Coordinator } from '../refresh/coordinator.js';
import { overFor } from '../refresh/reduce.js';
import { type Credential, isConfirmed } from '../refresh/state.js';
import type { Clock } from '../transport.js';
import type { Auth, Unrenewed } from './state.js';

/** What one connection may know of auth: that of the session in which it was made. */
export class Gate {
  readonly #coordinator: Coordinator;
  readonly #clock: Clock;
  readonly #life: number;
  readonly #epoch: number;

  /** @param life milliseconds that a credential must have left to be used */
  constructor(coordinator: Coordinator, clock: Clock, life: number) {
    this.#coordinator = coordinator;
    this.#clock = clock;
    this.#life = life;
    this.#epoch = coordinator.state.epoch;
  }

  /** Why the session is over, or null. */
  get over(): Failure | null {
    return overFor(this.#epoch, this.#coordinator.state);
  }

  /** The credential; null while nobody is known to be signed in. */
  get auth(): Auth | null {
    const { credential } = this.#coordinator.state;
    if (this.over || !isConfirmed(credential)) return null;
    const { generation, token, expiresAt } = credential;
    const alive = expiresAt - this.#clock.monotonic() > this.#life;
    return { generation, usable: isToken(token) ? (alive ? 'yes' : 'expired') : 'no' };
  }

  /**
   * A newer credential than the one that was refused, through the same flight as everybody else and past the same
   * guards; where the one at hand cannot be used, one that can. Null when there is one, or why there is none.
   */
  async renew(used: Credential | null): Promise<Unrenewed | null> {
    try {
      if (used && this.auth?.usable === 'yes')
        await this.#coordinator.renewed(used, { replayable: true, refreshed: false });
      else await this.#coordinator.ready(this.#epoch);
      return null;
    } catch (error) {
      if (error instanceof ClientError) return unrenewed(error.failure);
      throw error;
    }
  }
}

function unrenewed(failure: Failure): Unrenewed {
  switch (failure.kind) {
    case 'session-dead':
    case 'signed-out':
      return { why: 'dead', floor: 0 };
    case 'auth':
    case 'auth-breaker':
    case 'auth-fresh':
    case 'refresh-same-credential':
      return { why: 'pointless', floor: 0 };
    default:
      return { why: 'later', floor: askedWait(failure) };
  }
}
