/** Characters of a text within an entry; what is longer is the body of an answer, and no header. */
const longestText = 65_536;
/** Characters of an entry without those; a larger one is passed over. */
const largestEntry = 1_048_576;

/**
 * The entries of a HAR, one after the other as its text comes: a browser keeps the bodies of all answers, and nobody wants
 * to hold them. In an entry a text that is too long for a header is empty. Throws SyntaxError where it is no HAR.
 */
export async function* entriesOf(pieces: AsyncIterable<string>): AsyncIterable<unknown> {
  const scan = new Scan();
  for await (const piece of pieces) yield* scan.take(piece);
  if (!scan.complete) throw new SyntaxError();
}

/** Where `log.entries` and its entries stand, by their depth. */
const inLog = 2;
const inEntries = 3;

class Scan {
  #depth = 0;
  /** the texts that were read last at the depths of `log` and of `entries` */
  readonly #keys = ['', '', ''];
  /** where in `#kept` the text begins that is being read, or -1 outside of any */
  #text = -1;
  #escaped = false;
  /** within `log.entries` */
  #inside = false;
  #seen = false;
  #kept = '';
  #overfull = false;

  /** it had entries, and every bracket is closed */
  get complete(): boolean {
    return this.#seen && this.#depth === 0 && this.#text === -1;
  }

  *take(piece: string): Iterable<unknown> {
    let from = 0;
    for (let at = 0; at < piece.length; at = from) {
      if (this.#text !== -1) {
        from = this.#readText(piece, at);
        continue;
      }
      while (at < piece.length && !isMark(piece.charCodeAt(at))) at += 1;
      this.#keep(piece.slice(from, at));
      if (at === piece.length) return;
      const here = piece.charAt(at);
      from = at + 1;
      if (here === '"') {
        this.#text = this.#kept.length;
        this.#keep(here);
      } else if (here === '{' || here === '[') this.#open(here);
      else {
        this.#keep(here);
        if (this.#close()) yield* this.#entry();
      }
    }
  }

  /** Up to the end of a text, or of the piece. */
  #readText(piece: string, from: number): number {
    let at = from;
    while (at < piece.length) {
      const here = piece.charCodeAt(at);
      at += 1;
      if (this.#escaped) this.#escaped = false;
      else if (here === backslash) this.#escaped = true;
      else if (here === quote) {
        this.#keep(piece.slice(from, at));
        this.#ended();
        return at;
      }
    }
    this.#keep(piece.slice(from, at));
    // of what is too long the beginning is enough to know that it is
    if (this.#kept.length - this.#text > longestText) this.#kept = this.#kept.slice(0, this.#text + longestText);
    return at;
  }

  #ended(): void {
    if (this.#kept.length - this.#text >= longestText) this.#kept = `${this.#kept.slice(0, this.#text)}""`;
    if (this.#depth <= inLog) {
      this.#keys[this.#depth] = this.#kept.slice(this.#text);
      this.#kept = '';
    }
    this.#text = -1;
  }

  #open(bracket: string): void {
    this.#depth += 1;
    if (this.#depth === inEntries && bracket === '[') {
      this.#inside = this.#keys[1] === '"log"' && this.#keys[inLog] === '"entries"';
      this.#seen ||= this.#inside;
    } else this.#keep(bracket);
  }

  /** Whether an entry ends here. */
  #close(): boolean {
    this.#depth -= 1;
    if (this.#depth < 0) throw new SyntaxError();
    if (this.#depth < inEntries) this.#inside = false;
    return this.#inside && this.#depth === inEntries;
  }

  #keep(text: string): void {
    if (this.#text !== -1 && this.#depth <= inLog) this.#kept += text;
    else if (this.#inside && this.#depth > inEntries && !this.#overfull) this.#kept += text;
    if (this.#text === -1 && this.#kept.length > largestEntry) this.#overfull = true;
  }

  *#entry(): Iterable<unknown> {
    const text = this.#kept;
    this.#kept = '';
    if (!this.#overfull) yield JSON.parse(text);
    this.#overfull = false;
  }
}

const backslash = 92;
const quote = 34;

/** The beginning of a text, or a bracket. */
function isMark(code: number): boolean {
  return code === quote || code === 91 || code === 93 || code === 123 || code === 125;
}
