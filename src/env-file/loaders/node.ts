import { dropReturns } from '../newlines.js';
import type { Assignment, Read } from '../reading.js';

/**
 * `node --env-file` and `util.parseEnv` (which Vite uses). Node 22 rewrote the parser; `classic` is that of Node 20,
 * which looks for the next `=` beyond line ends and gives up at the first one without a name.
 */
export function readNode(dialect: 'classic' | 'modern'): Read {
  return (original) => {
    const { text, span } = dropReturns(original);
    const scan = new Scan(text, dialect === 'modern' ? ' \t\n' : ' ');
    const assignments: Assignment[] = [];
    while (!scan.ended()) {
      if (scan.at('\n') || scan.at('#')) {
        // Node 20 takes a comment on the last line, without a line end, for an assignment
        const passed = dialect === 'modern' || scan.find('\n') !== -1;
        if (passed) scan.passLine();
        if (passed) continue;
      }
      const found = dialect === 'modern' ? modernStep(scan) : classicStep(scan);
      if (found === 'end') break;
      if (found === null) continue;
      const { name, nameStart, value, valueStart, valueEnd } = found;
      assignments.push({
        name,
        value,
        nameAt: span(nameStart, nameStart + name.length),
        valueAt: span(valueStart, valueEnd),
      });
    }
    return { assignments, troubles: [] };
  };
}

type Found = { name: string; nameStart: number; value: string; valueStart: number; valueEnd: number };

/** What is left of a text; white space at both its ends is trimmed when asked. */
class Scan {
  readonly text: string;
  readonly #space: string;
  start = 0;
  end: number;

  constructor(text: string, space: string) {
    this.text = text;
    this.#space = space;
    this.end = text.length;
    this.trim();
  }

  trim(): void {
    [this.start, this.end] = this.trimmed(this.start, this.end);
  }

  trimmed(from: number, to: number): [number, number] {
    let [start, end] = [from, to];
    while (start < end && this.#space.includes(this.text.charAt(start))) start++;
    while (end > start && this.#space.includes(this.text.charAt(end - 1))) end--;
    return [start, end];
  }

  ended(): boolean {
    return this.start >= this.end;
  }

  at(character: string): boolean {
    return this.start < this.end && this.text[this.start] === character;
  }

  /** offset of the next such character, or -1 */
  find(character: string, from = this.start): number {
    const found = this.text.indexOf(character, from);
    return found === -1 || found >= this.end ? -1 : found;
  }

  /** false where no line follows */
  passLine(from = this.start): boolean {
    const newline = this.find('\n', from);
    this.start = newline === -1 ? this.end : newline + 1;
    return newline !== -1;
  }
}

function classicStep(scan: Scan): Found | 'end' | null {
  const equals = scan.find('=');
  if (equals === -1) return 'end';
  const key = keyOf(scan, equals);
  if (key === null) return 'end';
  scan.start = equals + 1;
  if (scan.ended() || scan.at('\n')) return { ...key, value: '', valueStart: scan.start, valueEnd: scan.start };
  scan.trim();
  return valueIn(scan, key, 'classic');
}

function modernStep(scan: Scan): Found | 'end' | null {
  const equals = scan.find('=');
  const newline = scan.find('\n');
  if (equals === -1 || (newline !== -1 && newline < equals)) {
    if (newline === -1) return 'end';
    scan.start = newline + 1;
    scan.trim();
    return null;
  }
  const [nameStart, nameEnd] = scan.trimmed(scan.start, equals);
  const name = scan.text.slice(nameStart, nameEnd);
  scan.start = equals + 1;
  // an empty value is looked for before `export` is: `export NAME=` sets a name with a space in it
  if (scan.ended() || scan.at('\n'))
    return { name, nameStart, value: '', valueStart: scan.start, valueEnd: scan.start };
  scan.trim();
  if (name === '') return null;
  const exported = name.startsWith('export ') ? scan.trimmed(nameStart + 'export '.length, nameEnd)[0] : nameStart;
  return valueIn(scan, { name: scan.text.slice(exported, nameEnd), nameStart: exported }, 'modern');
}

function keyOf(scan: Scan, equals: number): { name: string; nameStart: number } | null {
  let [start, end] = scan.trimmed(scan.start, equals);
  if (start === end) {
    // Node 20 reads one character too far back where a name is all spaces
    if (scan.start === equals || scan.start === 0) return null;
    [start, end] = [scan.start - 1, scan.start];
  }
  if (scan.text.slice(start, end).startsWith('export ')) {
    start += 'export '.length;
  }
  return { name: scan.text.slice(start, end), nameStart: start };
}

function valueIn(
  scan: Scan,
  key: { name: string; nameStart: number },
  dialect: 'classic' | 'modern',
): Found | 'end' | null {
  const { text } = scan;
  if (scan.ended()) return { ...key, value: '', valueStart: scan.start, valueEnd: scan.start };
  const valueStart = scan.start;
  const quote = text.charAt(valueStart);
  const lineEnd = scan.find('\n') === -1 ? scan.end : scan.find('\n');
  if (quote === '"' || quote === "'" || quote === '`') {
    const close = scan.find(quote, valueStart + 1);
    if (close !== -1) {
      const inside = text.slice(valueStart + 1, close);
      scan.passLine(close + 1);
      return {
        ...key,
        value: quote === '"' ? inside.replaceAll('\\n', '\n') : inside,
        valueStart,
        valueEnd: close + 1,
      };
    }
    if (dialect === 'classic' && lineEnd === scan.end) return null;
    scan.start = lineEnd;
    if (dialect === 'modern') scan.trim();
    return { ...key, value: text.slice(valueStart, lineEnd), valueStart, valueEnd: lineEnd };
  }
  const hash = scan.find('#');
  const [from, to] = scan.trimmed(valueStart, hash === -1 ? lineEnd : Math.min(hash, lineEnd));
  scan.start = lineEnd;
  if (dialect === 'modern') scan.trim();
  return { ...key, value: text.slice(from, to), valueStart: Math.min(valueStart, lineEnd), valueEnd: lineEnd };
}
