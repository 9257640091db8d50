/** Characters: no variable is longer. A line that doubles the one above it would fill the memory in thirty lines. */
export const longest = 1024 * 1024;

/** Stands for the value of a variable that is longer: whatever refers to it is too long as well. */
export const tooLong = ' '.repeat(longest + 1);

/**
 * What replacing references may write while files are read, in characters: many lines that each name one long value come
 * to as much as lines that double each other.
 */
export class Allowance {
  #left = 4 * longest;

  /** False once it is used up. */
  take(characters: number): boolean {
    this.#left -= characters;
    return this.#left >= 0;
  }
}
