/**
 * Which numbered messages have been delivered. Bounded: beyond `limit` ids it remembers only the highest where they
 * are ascending numbers, and the youngest `limit` of them where they are not.
 */
export class Seen {
  readonly #limit: number;
  readonly #keys = new Set<string>();
  #highest = Number.NEGATIVE_INFINITY;
  #ordered = true;

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  /** True the first time, false ever after. */
  first(id: string): boolean {
    if (this.#keys.has(id)) return false;
    const number = /^\d{1,15}$/.test(id) ? Number(id) : Number.NaN;
    const full = this.#keys.size >= this.#limit;
    if (full && this.#ordered && number <= this.#highest) return false;
    if (!(number > this.#highest)) this.#ordered = false;
    this.#highest = Math.max(this.#highest, number);
    if (full) for (const oldest of this.#keys) return this.#replace(oldest, id);
    this.#keys.add(id);
    return true;
  }

  #replace(oldest: string, id: string): true {
    this.#keys.delete(oldest);
    this.#keys.add(id);
    return true;
  }
}
