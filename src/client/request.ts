import { aborted, ClientError, networkFailure } from './failure.js';
import type { Coordinator } from './refresh/coordinator.js';
import type { Credential, Policy } from './refresh/state.js';
import type { AnyFetch, Clock, ResponseLike, ServerClock } from './transport.js';

/** What the client reads of `init`; everything else goes to the transport as it is. */
interface Init {
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
}

/** A WHATWG `Request`, as far as the client looks at it. */
interface RequestLike {
  readonly url: string;
  readonly headers: Iterable<readonly [string, string]>;
  readonly signal?: AbortSignal;
  readonly bodyUsed: boolean;
  clone(): RequestLike;
}

export interface Sender {
  readonly coordinator: Coordinator;
  readonly fetch: AnyFetch;
  readonly serverTime: ServerClock;
  readonly clock: Clock;
  /** uniform in [0, 1) */
  readonly random: () => number;
  readonly policy: Policy;
  /** whether this URL may see the credential */
  readonly trusted: (url: string) => boolean;
}

/**
 * Sends with the current credential; on a 401, once more with a newer one. `extra` headers are added to those of
 * `init`.
 *
 * @throws ClientError `auth*`, `refresh-*`, `session-dead`, `signed-out`, `network`, `aborted`. Every other answer,
 *   good or bad, is returned.
 */
export async function send(
  sender: Sender,
  input: unknown,
  init?: Init,
  extra?: Readonly<Record<string, string>>,
): Promise<ResponseLike> {
  const { coordinator } = sender;
  const request = (input as Partial<RequestLike> | null)?.clone ? (input as RequestLike) : null;
  const signal = init?.signal ?? request?.signal;
  const headers = { ...headersOf(init?.headers ?? request?.headers), ...extra };
  const foreign = !sender.trusted(request?.url ?? String(input)) || 'authorization' in headers;
  if (foreign) return transmit(sender, input, extra ? { ...init, headers } : init, signal);

  const { epoch } = coordinator.state;
  const attempt = async (credential: Credential, last: boolean) => {
    // the body of a Request can be read once, so all sends but the last one take a copy
    const from = request && !last && replayable ? request.clone() : input;
    const authorised = { ...init, headers: { ...headers, authorization: `Bearer ${credential.token}` } };
    const response = await transmit(sender, from, authorised, signal);
    // the answer belongs to somebody who is gone
    if (coordinator.state.epoch !== epoch) throw new ClientError({ kind: 'signed-out' });
    if (response.status !== 401) coordinator.accepted(credential);
    return response;
  };

  const replayable = isReplayable(init?.body) && request?.bodyUsed !== true;
  const { credential, refreshed } = await coordinator.ready(epoch, signal);
  const first = await attempt(credential, false);
  if (first.status !== 401) return first;

  discard(first);
  const newer = await coordinator.renewed(credential, { replayable, refreshed }, signal);
  const second = await attempt(newer, true);
  if (second.status === 401) await coordinator.refusedAgain(newer, second);
  return second;
}

/** One call of the transport: what it throws becomes a kind, what it says about the time is noted. */
async function transmit(sender: Sender, input: unknown, init: unknown, signal?: AbortSignal): Promise<ResponseLike> {
  try {
    const response = await sender.fetch(input, init);
    sender.serverTime.observe(response.headers.get('date'));
    return response;
  } catch (error) {
    if (signal?.aborted) throw aborted(signal);
    throw new ClientError(networkFailure(error), { cause: error });
  }
}

/** Any form of headers as a record with lower-case names; repeated names are joined (RFC 9110 5.3). */
function headersOf(headers: unknown): Record<string, string> {
  return Object.fromEntries(new Headers((headers ?? {}) as Record<string, string>));
}

/** A stream is gone once it has been sent; everything else can be sent again. */
function isReplayable(body: unknown): boolean {
  const { getReader, next, [Symbol.asyncIterator]: iterate } = (body ?? {}) as Record<string | symbol, unknown>;
  return !(getReader || next || iterate);
}

/** Frees the connection of an answer that nobody will read: a short body is read, any other cancelled. */
function discard(response: ResponseLike): void {
  const { arrayBuffer } = response as { arrayBuffer?: () => Promise<unknown> };
  const body = response.body as { cancel?: () => Promise<void> } | null | undefined;
  const short = Number(response.headers.get('content-length') ?? Number.NaN) <= 65_536;
  Promise.resolve(short && arrayBuffer ? arrayBuffer.call(response) : body?.cancel?.()).catch(() => {});
}
