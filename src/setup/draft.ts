/** What a file shall become. Paths from the folder of lockstep.json, with slashes. */
export interface Draft {
  readonly path: string;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array;
  /** an env file: its lines are shown by name only, and it ends readable by its owner alone */
  readonly secret: boolean;
  /** the change for the eye, without any secret */
  readonly shown: readonly Shown[];
}

export interface Shown {
  readonly sign: '+' | '-';
  readonly text: string;
}

/** A draft of a file that may be shown as it is. */
export function openDraft(path: string, before: Uint8Array | null, after: string): Draft {
  const old = before === null ? [] : lines(Buffer.from(before).toString('utf8'));
  return { path, before, after: Buffer.from(after), secret: false, shown: difference(old, lines(after)) };
}

export function changes({ before, after }: Draft): boolean {
  return before === null || Buffer.compare(before, after) !== 0;
}

function lines(text: string): string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** What changed between the common beginning and the common end. */
function difference(old: readonly string[], now: readonly string[]): Shown[] {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return [
    ...old.slice(head, old.length - tail).map((text): Shown => ({ sign: '-', text })),
    ...now.slice(head, now.length - tail).map((text): Shown => ({ sign: '+', text })),
  ].filter(({ text }) => text !== '');
}
