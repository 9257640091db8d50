import type { Style } from '../core/style.js';
import { plainStyle } from '../core/style.js';
import type { Sink, World } from '../world.js';

/** As `styleFor`, loading what colours only where there may be some: it is a tenth of the start of a quick command. */
export async function loadStyle(sink: Sink, env: World['env']): Promise<Style> {
  if (!sink.isTTY && !env.FORCE_COLOR) return plainStyle;
  const { styleFor } = await import('./style.js');
  return styleFor(sink, env);
}
