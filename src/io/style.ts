import { Chalk } from 'chalk';
import type { Style } from '../core/style.js';
import { plainStyle } from '../core/style.js';
import type { Sink, World } from '../world.js';
import { coloured } from './coloured.js';

/** Colours for one stream: NO_COLOR and TERM=dumb take them away, FORCE_COLOR brings them, else a terminal has them. */
export function styleFor(sink: Sink, env: World['env']): Style {
  if (!coloured(sink, env)) return plainStyle;
  const chalk = new Chalk({ level: 1 });
  return { good: chalk.green, bad: chalk.red, doubtful: chalk.yellow, quiet: chalk.dim, strong: chalk.bold };
}
