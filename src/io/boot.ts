import { Unreachable } from '../core/errors.js';
import type { World } from '../world.js';
import { pause } from './pause.js';

const everyMs = 500;
const patienceMs = 5_000;

type Reach = Pick<World, 'http' | 'monotonic' | 'timer' | 'interrupted'>;

/**
 * Waits until each address answers with anything that is not a proxy's word for a service that is not there (502, 503,
 * 504), for so many milliseconds at most. Returns those that did not; what they lack is for the checks to say.
 */
export async function booted(urls: readonly string[], ms: number, world: Reach): Promise<string[]> {
  const until = world.monotonic() + ms;
  const silent: string[] = [];
  await Promise.all(
    urls.map(async (url) => {
      while (!(await answers(url, world))) {
        if (world.interrupted.aborted || world.monotonic() + everyMs > until) return silent.push(url);
        await pause(world.timer, everyMs, world.interrupted);
      }
      return undefined;
    }),
  );
  return silent;
}

async function answers(url: string, { http, timer, interrupted }: Reach): Promise<boolean> {
  const attempt = new AbortController();
  const cancel = timer(patienceMs, () => attempt.abort());
  const signal = AbortSignal.any([attempt.signal, interrupted]);
  try {
    const { status } = await http.send({ method: 'GET', url, headers: { accept: '*/*' }, signal });
    return status < 502 || status > 504;
  } catch (error) {
    if (error instanceof Unreachable || signal.aborted) return false;
    throw error;
  } finally {
    cancel();
  }
}
