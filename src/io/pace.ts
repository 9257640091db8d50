import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Reply } from '../core/reply.js';
import { header } from '../core/reply.js';
import type { HttpRequest, World } from '../world.js';
import { pause } from './pause.js';

/** How fast a run may ask, and how it bears a rate limit. One for a whole run: its checks share what a host allows. */
export interface Pace {
  /** resolves when the request may go */
  turn(request: HttpRequest, signal: AbortSignal): Promise<void>;
  /** sends when it may; a 429 is waited out, unless it is the answer that is wanted */
  patiently(request: HttpRequest, send: () => Promise<Reply>, signal: AbortSignal, patient: boolean): Promise<Reply>;
}

/** At most `count` in any `ms`. */
interface Window {
  readonly count: number;
  readonly ms: number;
}

const host: Window = { count: 5, ms: 1_000 };
/** what Better Auth allows in production, for sign-ins and sign-ups alike; a second over, for clocks and the way there */
const signIns: Window = { count: 3, ms: 11_000 };
/** Longer waits would outlast the time of a check. */
const longestWait = 55;

/**
 * On production 5 requests a second and host, and 3 sign-ins in 10 s. Elsewhere nobody waits before a server has said
 * 429; from then on its sign-ins are counted as in production.
 */
export function createPace(production: boolean, { now, timer }: Pick<World, 'now' | 'timer'>): Pace {
  const sent = new Map<string, number[]>();
  const bursts = new Map<string, { readonly last: number; readonly used: number }>();
  const limited = new Set<string>();

  /** Takes the next free place in a window: reserved at once, so that those side by side queue up. */
  const reserve = (key: string, { count, ms }: Window): number => {
    const times = sent.get(key) ?? [];
    const earliest = times.length < count ? 0 : (times.at(-count) as number) + ms;
    const at = Math.max(now(), earliest);
    sent.set(key, [...times.slice(-count), at]);
    return at;
  };

  /** Better Auth counts on until nobody has asked for the whole window: after so many, the next one waits it out. */
  const reserveAfterBurst = (key: string, { count, ms }: Window): number => {
    const { last, used } = bursts.get(key) ?? { last: Number.NEGATIVE_INFINITY, used: 0 };
    const over = used === count || now() - last >= ms;
    const at = Math.max(now(), over ? last + ms : last);
    bursts.set(key, { last: at, used: over ? 1 : used + 1 });
    return at;
  };

  const turn = async ({ url }: HttpRequest, signal: AbortSignal): Promise<void> => {
    const { host: name, pathname } = new URL(url);
    const path = `${name}${pathname}`;
    const waits = [];
    if (production) waits.push(reserve(name, host));
    if (isSignIn(pathname) && (production || limited.has(path))) waits.push(reserveAfterBurst(path, signIns));
    const ms = Math.max(0, ...waits.map((at) => at - now()));
    if (ms > 0) await pause(timer, ms, signal);
  };

  return {
    turn,
    async patiently(request, send, signal, patient) {
      // who wants to meet the limit must not be kept from it
      if (patient) await turn(request, signal);
      const first = await send();
      if (first.status !== 429 || !patient) return first;
      const seconds = waitOf(first, now());
      if (!(seconds >= 0 && seconds <= longestWait)) throw usedUp(first);
      const { host: name, pathname } = new URL(request.url);
      const path = `${name}${pathname}`;
      limited.add(path);
      await pause(timer, seconds * 1000 + 100, signal);
      await turn(request, signal);
      const second = await send();
      if (second.status === 429) throw usedUp(second);
      return second;
    },
  };
}

function isSignIn(pathname: string): boolean {
  return /\/sign-(in|up)(\/|$)/.test(pathname);
}

/** Seconds to wait: a number or an HTTP date (RFC 9110 10.2.3). Better Auth sends X-Retry-After, not Retry-After. */
function waitOf(reply: Reply, now: number): number {
  const said = header(reply, 'retry-after') ?? header(reply, 'x-retry-after') ?? '10';
  return /^\d+$/.test(said) ? Number(said) : Math.max(0, (Date.parse(said) - now) / 1000);
}

function usedUp({ url }: Reply): LockstepError {
  return new LockstepError('rate-limited', `${url} answered 429: its rate limit is used up`, { exit: Exit.unfinished });
}
