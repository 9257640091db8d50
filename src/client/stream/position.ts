import { Seen } from '../seen.js';
import type { StreamEvent } from './decode.js';

/**
 * Tells events that were delivered from new ones, over all connections of one stream. Events with an id are known by
 * it; those that follow without one, or with the same one, by their place after it. So a server may replay from the
 * last event, from two before, or from the start.
 */
export class Positions {
  readonly #seen: Seen;
  #id = '';
  #place = 0;

  constructor(limit?: number) {
    this.#seen = new Seen(limit);
  }

  /** A connection begins, asked to go on after `lastId` (empty for a stream from its start). */
  restart(lastId: string): void {
    this.#id = lastId;
    this.#place = 0;
    this.#fresh = true;
  }
  #fresh = true;

  /** True when this event has not been delivered yet. */
  first(event: StreamEvent): boolean {
    if (event.id !== undefined && (this.#fresh || event.id !== this.#id)) this.#place = 0;
    else this.#place++;
    this.#fresh = false;
    if (event.id !== undefined) this.#id = event.id;
    return this.#seen.first(this.#place === 0 ? this.#id : `${this.#id} +${this.#place}`);
  }
}
