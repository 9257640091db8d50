/**
 * Text that cannot be printed by accident: a password, a cookie, a token, a database URL.
 *
 * Every implicit way to text (`String()`, templates, `JSON.stringify`, `console.log`, `util.inspect`) gives
 * `[secret]`. The only way to the value is `reveal()`, and `grep -rn 'reveal()' src` is the audit.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The value itself. Each call is a place where a secret leaves its box: keep them few and close to the wire. */
  reveal(): string {
    return this.#text;
  }

  /** Length in UTF-16 units, which tells nothing that a wire observer would not see. */
  get length(): number {
    return this.#text.length;
  }

  equals(other: Secret): boolean {
    return this.#text === other.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** The text of a secret or of plain text, for the one place that puts either on the wire. */
export function plain(value: Secret | string): string {
  return value instanceof Secret ? value.reveal() : value;
}
