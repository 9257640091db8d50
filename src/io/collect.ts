import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** bytes of garbage that may lie about */
const room = 12 * 1_048_576;

let collect: (() => void) | undefined;
/** bytes that were held after the last time */
let alive = 0;

/** Has V8 take back what nobody holds any more: by itself it lets some hundred megabytes come together first. */
export function collectNow(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }
  collect();
  alive = size();
}

/** The same, where much may have come together since. */
export function tidy(): void {
  if (size() > alive + room) collectNow();
}

function size(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
