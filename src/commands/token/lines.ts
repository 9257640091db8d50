/** A line longer than this is given cut, with `whole` false; the rest of it is passed over. In characters. */
export interface Line {
  readonly number: number;
  readonly text: string;
  readonly whole: boolean;
}

/** The lines of a stream, without empty ones, in constant memory: numbers count from 1 and count the empty ones too. */
export async function* lines(chunks: AsyncIterable<string>, longest: number): AsyncIterable<Line> {
  let held = '';
  let number = 1;
  let overflown = false;
  const end = (text: string): Line | null => {
    const whole = !overflown && text.length <= longest;
    const line = { number: number++, text: text.slice(0, longest), whole };
    overflown = false;
    return line.text.trim() === '' ? null : line;
  };
  for await (const chunk of chunks) {
    const pieces = chunk.split('\n');
    for (const piece of pieces.slice(0, -1)) {
      const line = end(held + piece);
      held = '';
      if (line !== null) yield line;
    }
    held += pieces.at(-1) ?? '';
    if (held.length > longest) {
      overflown = true;
      held = held.slice(0, longest);
    }
  }
  const line = end(held);
  if (line !== null) yield line;
}

/** What a line holds: the text itself, or of NDJSON the string, or the member `token` of the object. */
export function tokenOf(text: string): string {
  const bare = text.trim();
  if (!/^["{]/.test(bare)) return bare;
  try {
    const value: unknown = JSON.parse(bare);
    const token = typeof value === 'object' && value !== null ? (value as { token?: unknown }).token : value;
    return typeof token === 'string' ? token : bare;
  } catch {
    return bare;
  }
}
