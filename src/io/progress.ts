import { stripVTControlCharacters } from 'node:util';
import type { Ora } from 'ora';
import type { Sink, World } from '../world.js';

/** What a run shows while it goes on. */
export interface Progress {
  /** something ended: a line that stays where output is not a terminal */
  note(line: string): void;
  /** the lines of the moment, for a terminal only */
  show(lines: readonly string[]): void;
  stop(): void;
}

const silent: Progress = { note: () => {}, show: () => {}, stop: () => {} };

/** A live list on a terminal, plain lines elsewhere, nothing when `quiet`. Always on stderr: stdout is the product. */
export async function createProgress(world: World, quiet: boolean): Promise<Progress> {
  if (quiet) return silent;
  if (!isLive(world.stderr, world.env)) return { ...silent, note: (line) => world.stderr.write(`${line}\n`) };
  const { default: ora } = await import('./spinner.js');
  return live(ora({ stream: process.stderr, discardStdin: false }), world.stderr);
}

function live(spinner: Ora, { rows, columns }: Sink): Progress {
  spinner.start();
  return {
    note: () => {},
    show(lines) {
      // a block taller than the screen cannot be redrawn
      const shown = lines.length > rows - 2 ? lines.slice(-(rows - 2)) : lines;
      spinner.text = shown.map((line) => cut(line, columns - 4)).join('\n');
    },
    stop: () => void spinner.stop(),
  };
}

/** A line that fits; one that does not loses its colours, so that no half of an escape sequence is left. */
function cut(line: string, width: number): string {
  const bare = stripVTControlCharacters(line);
  return bare.length > width ? bare.slice(0, width) : line;
}

function isLive(sink: Sink, env: World['env']): boolean {
  return sink.isTTY && env.TERM !== 'dumb' && !env.CI;
}
