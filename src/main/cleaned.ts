import type { Redactor } from '../core/redact.js';
import { tame } from '../core/visible.js';
import type { Sink } from '../world.js';

/**
 * A stream that shows no secret that the redactor knows, and no control character of foreign text.
 * `moves`: a live list may move the cursor of a terminal there.
 */
export function cleaned(sink: Sink, redactor: Redactor, { json, moves }: { json: boolean; moves: boolean }): Sink {
  return {
    write(text) {
      const clean = redactor.clean(text);
      sink.write(moves ? clean : tame(clean, json));
    },
    drained: async () => sink.drained?.(),
    get isTTY() {
      return sink.isTTY;
    },
    get columns() {
      return sink.columns;
    },
    get rows() {
      return sink.rows;
    },
  };
}
