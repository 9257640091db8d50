import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { end, livesOf } from './processes.js';

/** A folder that everybody can pass through, since PostgreSQL runs as somebody else. Its name is short: sockets lie in it. */
export function temporary(place: string, prefix: string): string {
  const folder = mkdtempSync(join(place, prefix));
  chmodSync(folder, 0o755);
  return folder;
}

/** Of a folder, and of the processes that belong to it. */
interface Whose {
  /** what is in the folder and should not be, by names that a person finds again; all of it, unless given */
  readonly files?: (folder: string) => readonly string[];
  /** whose descendants are of the folder, whatever they say; nobody's, unless given */
  readonly ancestor?: number;
  /** how often to look, 20 ms apart, before what is there counts as left: who was told to end may take his time */
  readonly looks?: number | undefined;
}

/** Takes the folder away and ends what still lives. What there was to take away and to end, a line each. */
export async function takeAway(
  folder: string,
  { files = readdirSync, ancestor, looks = 250 }: Whose = {},
): Promise<string[]> {
  const lives = () => livesOf(folder, ancestor);
  let left: string[] = [];
  for (let look = 0; look < looks; look++) {
    left = [
      ...files(folder).map((name) => `the file or folder ${name}`),
      ...lives().map(({ pid, command }) => `the process ${pid}, ${command}`),
    ];
    if (left.length === 0) break;
    await sleep(20);
  }
  for (let look = 0; look < looks && lives().length > 0; look++) {
    for (const each of lives()) end(each);
    await sleep(20);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  return left;
}
