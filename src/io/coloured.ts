import type { Style } from '../core/style.js';
import { plainStyle } from '../core/style.js';
import type { Sink, World } from '../world.js';

/** Whether a stream gets colours: NO_COLOR and TERM=dumb take them away, FORCE_COLOR brings them, else a terminal has them. */
export function coloured(sink: Sink, env: World['env']): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return sink.isTTY && env.TERM !== 'dumb';
}

/** As `styleFor`, for commands that start in a hurry: the library of colours is loaded where there are any. */
export async function openStyle(sink: Sink, env: World['env']): Promise<Style> {
  if (!coloured(sink, env)) return plainStyle;
  const { styleFor } = await import('./style.js');
  return styleFor(sink, env);
}
