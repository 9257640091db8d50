const shortest = 8;
/** what stands where a text was cut, and how much of a secret may stand before it */
const cut = '…';
const longestBeginning = 2_048;

/**
 * Takes secrets out of text by value, in every spelling in which they travel: plain, JSON-escaped, URL-encoded,
 * base64 and base64url at the three alignments, hex. The last line of defence: code above it does not print secrets.
 */
export class Redactor {
  /** by their first four characters, the longest first */
  readonly #spellings = new Map<string, string[]>();
  /** marks hashes of those four characters: most places of most texts are passed over by one look at it */
  readonly #marks = new Uint8Array(65_536);

  readonly #values = new Set<string>();
  readonly #onLearn: (value: string) => void;

  /** `onLearn` hears each value once, before anything can be printed that has it */
  constructor(onLearn: (value: string) => void = () => {}) {
    this.#onLearn = onLearn;
  }

  /** Values shorter than 8 characters are not learnt: they would eat ordinary text. */
  learn(value: string): void {
    if (value.length < shortest || this.#values.has(value)) return;
    this.#values.add(value);
    this.#onLearn(value);
    for (const spelling of spellings(value)) if (spelling.length >= shortest) this.#add(spelling);
  }

  #add(spelling: string): void {
    const start = spelling.slice(0, 4);
    const known = this.#spellings.get(start) ?? [];
    if (known.includes(spelling)) return;
    this.#spellings.set(
      start,
      [...known, spelling].sort((a, b) => b.length - a.length),
    );
    this.#marks[hashAt(spelling, 0)] = 1;
  }

  /** In one pass, however many values are known. What overlaps is taken out together, so that no tail stays behind. */
  clean(whole: string): string {
    if (this.#spellings.size === 0) return whole;
    const text = whole.includes(cut) ? this.#withoutBeginnings(whole) : whole;
    let clean = '';
    let kept = 0;
    for (let at = 0; at + shortest <= text.length; at++) {
      let end = this.#endOfSecret(text, at);
      if (end === at) continue;
      clean += `${text.slice(kept, at)}[redacted]`;
      for (let inside = at + 1; inside < end; inside++) end = Math.max(end, this.#endOfSecret(text, inside));
      kept = end;
      at = end - 1;
    }
    return clean + text.slice(kept);
  }

  /** Text that was cut may have been cut within a secret: what is left of it before the `…` goes as well. */
  #withoutBeginnings(text: string): string {
    const pieces = text.split(cut);
    return pieces
      .map((piece, n) => {
        if (n === pieces.length - 1) return piece;
        for (let at = Math.max(0, piece.length - longestBeginning); at + shortest <= piece.length; at++) {
          if (this.#marks[hashAt(piece, at)] === 0) continue;
          const rest = piece.slice(at);
          if (this.#spellings.get(rest.slice(0, 4))?.some((spelling) => spelling.startsWith(rest)) === true)
            return `${piece.slice(0, at)}[redacted]`;
        }
        return piece;
      })
      .join(cut);
  }

  /** Where the longest spelling that starts here ends; `at` itself when none does. */
  #endOfSecret(text: string, at: number): number {
    if (this.#marks[hashAt(text, at)] === 0) return at;
    const found = this.#spellings.get(text.slice(at, at + 4))?.find((spelling) => text.startsWith(spelling, at));
    return at + (found?.length ?? 0);
  }
}

/** Of the four characters at a place, in 16 bits. */
function hashAt(text: string, at: number): number {
  const one = text.charCodeAt(at) ^ (text.charCodeAt(at + 1) << 5);
  return (one ^ (text.charCodeAt(at + 2) << 9) ^ (text.charCodeAt(at + 3) << 3)) & 0xffff;
}

function spellings(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...[0, 1, 2].flatMap((shift) => aligned(bytes, shift)),
  ];
}

/** The part of the base64 of `shift` unknown bytes followed by the value that depends on the value alone. */
function aligned(bytes: Buffer, shift: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
  const start = Math.ceil((shift * 8) / 6);
  const end = Math.floor((padded.length * 8) / 6);
  const standard = padded.toString('base64').slice(start, end);
  return [standard, standard.replaceAll('+', '-').replaceAll('/', '_')];
}
