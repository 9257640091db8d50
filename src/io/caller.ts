import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Caller, CallOptions } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import { header, headers } from '../core/reply.js';
import { plain } from '../core/secret.js';
import type { Http, HttpRequest } from '../world.js';
import { learnToken } from './learn-token.js';

export interface Exchange {
  readonly http: Http;
  readonly signal: AbortSignal;
  readonly origin: string;
  readonly pause: (ms: number) => Promise<void>;
  /** milliseconds since the epoch */
  readonly now: () => number;
  /** what says who asks */
  readonly agent: string;
  /** hears each bearer token that is sent */
  readonly learn: (secret: string) => void;
}

/** Speaks for one side of a deployment: `Origin` as a browser sends it, cookies by the jar, patience with a rate limit. */
export function createCaller(base: string, { http, signal, origin, pause, now, agent, learn }: Exchange): Caller {
  const send = async (method: string, path: string, body: unknown, options: CallOptions = {}): Promise<Reply> => {
    const url = `${base}${path}`;
    if (options.bearer !== undefined) learnToken(plain(options.bearer), learn);
    const cookies = await options.jar?.cookieHeader(url);
    const says = options.origin === undefined ? origin : options.origin;
    const request: HttpRequest = {
      method,
      url,
      headers: {
        accept: 'application/json',
        'user-agent': agent,
        ...(says === null ? {} : { origin: says }),
        ...(cookies ? { cookie: cookies } : {}),
        ...(options.bearer === undefined ? {} : { authorization: `Bearer ${plain(options.bearer)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options.toTheEnd === true ? {} : { signal }),
    };
    const reply = await patiently(() => http.send(request), pause, now, signal);
    await options.jar?.store(url, headers(reply, 'set-cookie'));
    return reply;
  };
  return {
    base,
    get: (path, options) => send('GET', path, undefined, options),
    post: (path, body, options) => send('POST', path, body, options),
    send,
  };
}

/** Longer waits would outlast the time of a check. */
const longestWait = 55;

/** Sends once more after a 429, when the server says how long to wait; a second 429 ends the check, inconclusive. */
async function patiently(
  send: () => Promise<Reply>,
  pause: (ms: number) => Promise<void>,
  now: () => number,
  signal: AbortSignal,
): Promise<Reply> {
  const first = await send();
  if (first.status !== 429) return first;
  const seconds = waitOf(first, now());
  if (!(seconds >= 0 && seconds <= longestWait)) throw limited(first);
  await pause(seconds * 1000 + 100);
  if (signal.aborted) throw limited(first);
  const second = await send();
  if (second.status === 429) throw limited(second);
  return second;
}

/** Seconds to wait: a number or an HTTP date (RFC 9110 10.2.3). Better Auth sends X-Retry-After, not Retry-After. */
function waitOf(reply: Reply, now: number): number {
  const said = header(reply, 'retry-after') ?? header(reply, 'x-retry-after') ?? '10';
  return /^\d+$/.test(said) ? Number(said) : Math.max(0, (Date.parse(said) - now) / 1000);
}

function limited({ url }: Reply): LockstepError {
  return new LockstepError('rate-limited', `${url} answered 429: its rate limit is used up`, { exit: Exit.unfinished });
}
