const shortest = 8;

/**
 * Takes secrets out of text by value, in every spelling in which they travel: plain, JSON-escaped, URL-encoded,
 * base64 and base64url at the three alignments, hex. The last line of defence: code above it does not print secrets.
 */
export class Redactor {
  readonly #spellings = new Set<string>();

  /** Values shorter than 8 characters are not learnt: they would eat ordinary text. */
  learn(value: string): void {
    if (value.length < shortest) return;
    for (const spelling of spellings(value)) if (spelling.length >= shortest) this.#spellings.add(spelling);
  }

  clean(text: string): string {
    let clean = text;
    for (const spelling of [...this.#spellings].sort((a, b) => b.length - a.length)) {
      clean = clean.replaceAll(spelling, '[redacted]');
    }
    return clean;
  }
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
