import { isToken } from '../credential.js';
import { askedWait, ClientError, type Failure } from '../failure.js';
import type { Coordinator } from '../refresh/coordinator.js';
import { overFor } from '../refresh/reduce.js';
import { type Credential, isConfirmed } from '../refresh/state.js';
import type { Clock } from '../transport.js';
import type { Auth, Happening, Unrenewed } from './state.js';

/**
 * What one connection may know of auth: that of the session in which it was made.
 *
 * @param life milliseconds that a credential must have left to be used
 */
export function gateOf(coordinator: Coordinator, clock: Clock, life: number) {
  const { epoch } = coordinator.state;
  /** Why the session is over, or null. */
  const over = (): Failure | null => overFor(epoch, coordinator.state);
  /** The credential; null while nobody is known to be signed in. */
  const auth = (): Auth | null => {
    const { credential } = coordinator.state;
    if (over() || !isConfirmed(credential)) return null;
    const { generation, token, expiresAt } = credential;
    const alive = expiresAt - clock.monotonic() > life;
    return { generation, usable: isToken(token) ? (alive ? 'yes' : 'expired') : 'no' };
  };
  return {
    over,
    auth,
    /**
     * A newer credential than the one that was refused, through the same flight as everybody else and past the same
     * guards; where the one at hand cannot be used, one that can.
     */
    async renew(used: Credential | null): Promise<Happening> {
      let why: Unrenewed = { why: 'later', floor: 0 };
      try {
        if (used && auth()?.usable === 'yes') await coordinator.renewed(used, { replayable: true, refreshed: false });
        else await coordinator.ready(epoch);
        const renewed = auth();
        if (renewed?.usable === 'yes') return { type: 'refreshed', auth: renewed };
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        why = unrenewed(error.failure);
      }
      return { type: 'unrefreshed', ...why };
    },
  };
}

function unrenewed(failure: Failure): Unrenewed {
  const { kind } = failure;
  // the end of the session has ended the connection before: it is not asked here
  if (kind.startsWith('auth') || kind === 'refresh-same-credential') return { why: 'pointless', floor: 0 };
  return { why: 'later', floor: askedWait(failure) };
}
