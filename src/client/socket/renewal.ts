import { ClientError, type Failure } from '../failure.js';
import type { Coordinator } from '../refresh/coordinator.js';
import type { Used } from '../refresh/state.js';

/** How a refresh on behalf of a socket ended: null, or why there is no newer credential. */
export type Unrenewed = { readonly why: 'dead' | 'later' | 'pointless'; readonly floor: number } | null;

/**
 * A newer credential than the one that was refused, through the same flight as everybody else and past the same
 * guards; where none was refused, a credential that is not stale.
 */
export async function renewal(coordinator: Coordinator, epoch: number, refused: Used | null): Promise<Unrenewed> {
  try {
    if (refused) await coordinator.renewed(refused, { replayable: true, refreshed: false });
    else await coordinator.ready(epoch);
    return null;
  } catch (error) {
    if (error instanceof ClientError) return unrenewed(error.failure);
    throw error;
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
    case 'refresh-cooldown':
      return { why: 'later', floor: failure.wait };
    case 'refresh-unavailable':
      return { why: 'later', floor: failure.retryAfter ?? 0 };
    default:
      return { why: 'later', floor: 0 };
  }
}
