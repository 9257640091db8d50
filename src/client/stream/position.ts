import { seen } from '../seen.js';
import type { StreamEvent } from './decode.js';

/**
 * Tells events that were delivered from new ones, over all connections of one stream. Events with an id are known by
 * it; those that follow without one, or with the same one, by their place after it. So a server may replay from the
 * last event, from two before, or from the start.
 */
export function positions(limit?: number) {
  const isFirst = seen(limit);
  let fresh = true;
  let last = '';
  let place = 0;
  return {
    /** A connection begins, asked to go on after `lastId` (empty for a stream from its start). */
    restart(lastId: string): void {
      last = lastId;
      place = 0;
      fresh = true;
    },
    /** True when this event has not been delivered yet. */
    first({ id }: StreamEvent): boolean {
      if (id !== undefined && (fresh || id !== last)) place = 0;
      else place++;
      fresh = false;
      last = id ?? last;
      return isFirst(place === 0 ? last : `${last} +${place}`);
    },
  };
}
