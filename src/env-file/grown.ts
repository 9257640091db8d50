/** Pieces that are joined at a time. */
const together = 1_000;

/** A text that is put together of many pieces: as a sum it would be a list of all of them, thirty times as long. */
export class Grown {
  #whole = '';
  #pieces: string[] = [];

  add(piece: string): void {
    this.#pieces.push(piece);
    if (this.#pieces.length >= together) this.#join();
  }

  get text(): string {
    this.#join();
    return this.#whole;
  }

  #join(): void {
    if (this.#pieces.length === 0) return;
    this.#whole += this.#pieces.join('');
    this.#pieces.length = 0;
  }
}
