import { isOwnWord } from './own-words.js';
import { spellings } from './spellings.js';

const shortest = 8;
/** what stands where a text was cut, and how much of a secret may stand before it */
const cut = '…';
const longestBeginning = 2_048;
/** In characters. Of a longer value the beginning is known by heart, and the whole when a text is long enough for it. */
const longest = 8 * longestBeginning;

/**
 * Takes secrets out of text by value, in every spelling in which they travel: plain, escaped for JSON, URLs, XML, shells
 * and logs, in base64 and base64url at the three alignments, in hex. The last line of defence: code above it does not
 * print secrets.
 */
export class Redactor {
  /** by their first four characters, the longest first */
  readonly #spellings = new Map<string, string[]>();
  /** marks hashes of those four characters: most places of most texts are passed over by one look at it */
  readonly #marks = new Uint8Array(65_536);

  readonly #values = new Set<string>();
  /** the longest first */
  #long: string[] = [];
  readonly #onLearn: (value: string) => void;

  /** `onLearn` hears each value once, before anything can be printed that has it */
  constructor(onLearn: (value: string) => void = () => {}) {
    this.#onLearn = onLearn;
  }

  /**
   * Values shorter than 8 characters and lockstep's own words are not learnt: they would eat ordinary text. Of a URL the
   * password is learnt by itself, too.
   */
  learn(value: string): void {
    if (value.length < shortest || this.#values.has(value) || isOwnWord(value)) return;
    this.#values.add(value);
    this.#onLearn(value);
    if (value.length > longest) this.#long = [...this.#long, value].sort((a, b) => b.length - a.length);
    for (const spelling of spellings(value.slice(0, longest))) if (spelling.length >= shortest) this.#add(spelling);
    for (const password of passwordsOf(value)) this.learn(password);
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

  /** The same data with each of its texts cleaned, before it is written into anything that escapes it. */
  cleanAll<T>(data: T): T {
    if (typeof data === 'string') return this.clean(data) as T;
    if (Array.isArray(data)) return data.map((each) => this.cleanAll(each)) as T;
    if (typeof data !== 'object' || data === null) return data;
    return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, this.cleanAll(value)])) as T;
  }

  /** In one pass, however many values are known. What overlaps is taken out together, so that no tail stays behind. */
  clean(whole: string): string {
    if (this.#spellings.size === 0) return whole;
    const text = this.#long.reduce(withoutLong, whole);
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

  /** Where the longest spelling that starts here ends; `at` itself when none does. */
  #endOfSecret(text: string, at: number): number {
    if (this.#marks[hashAt(text, at)] === 0) return at;
    const known = this.#spellings.get(text.slice(at, at + 4));
    if (known === undefined) return at;
    const found = known.find((spelling) => text.startsWith(spelling, at));
    return Math.max(at + (found?.length ?? 0), endOfBeginning(text, at, known));
  }
}

/** Text that was cut may have been cut within a secret: what is left of it before the `…`, which it may have itself, goes as well. */
function endOfBeginning(text: string, at: number, known: readonly string[]): number {
  const near = text.slice(at, at + longestBeginning + 1);
  if (near.lastIndexOf(cut) < shortest) return at;
  const ends = known.map((spelling) => {
    let alike = 4;
    while (alike < near.length && near[alike] === spelling[alike]) alike++;
    const end = near.lastIndexOf(cut, alike);
    return end < shortest ? at : at + end;
  });
  return Math.max(at, ...ends);
}

/** A value that is long, in each of its spellings, which nobody keeps: together they are twenty times as long. */
function withoutLong(text: string, value: string): string {
  if (text.length < value.length) return text;
  const found = spellings(value).filter((spelling) => text.includes(spelling));
  return found
    .sort((a, b) => b.length - a.length)
    .reduce((rest, spelling) => rest.replaceAll(spelling, '[redacted]'), text);
}

/** Of the four characters at a place, in 16 bits. */
function hashAt(text: string, at: number): number {
  const one = text.charCodeAt(at) ^ (text.charCodeAt(at + 1) << 5);
  return (one ^ (text.charCodeAt(at + 2) << 9) ^ (text.charCodeAt(at + 3) << 3)) & 0xffff;
}

/** As they stand in a URL, and as whoever is asked gets them. */
function passwordsOf(url: string): string[] {
  // up to the last @, whatever is not escaped in it
  const [, password = ''] = /^[\w.+-]+:\/\/[^:@/?#]*:(.*)@/s.exec(url) ?? [];
  const [, parameter = ''] = /^[\w.+-]+:\/\/.*[?&]password=([^&#]*)/s.exec(url) ?? [];
  return [password, parameter].flatMap((written) => [written, unescaped(written)]);
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
