import { type AuthClientOptions, type AuthCore, createAuthCore, shared } from './core.js';
import type { SocketOptions } from './socket/options.js';
import { type AuthSocket, registryOf } from './socket/registry.js';
import type { StreamOptions, StreamPart } from './stream/options.js';
import { stream } from './stream/stream.js';
import type { AnyFetch } from './transport.js';

/** A client with everything: `fetch` and the session, streams, sockets. */
export interface AuthClient<F extends AnyFetch = typeof fetch> extends AuthCore<F> {
  /**
   * The server-sent events of an answer, each once and in order. A connection that is cut is resumed with
   * `Last-Event-ID`; a 401 on the way goes through the same refresh as everybody's.
   *
   * @throws ClientError when the stream cannot be finished, and at once when the user signs out
   */
  stream(
    input: Parameters<F>[0],
    init?: Parameters<F>[1],
    options?: StreamOptions,
  ): AsyncGenerator<StreamPart, void, undefined>;
  /**
   * A share in the one connection that this session has to a URL. It opens when auth is confirmed, and closes when the
   * user signs out.
   *
   * @throws TypeError where the platform cannot do what the options ask for
   */
  socket(url: string, options: SocketOptions): AuthSocket;
}

/** Makes a client for one application session. */
export function createAuthClient<F extends AnyFetch = typeof fetch>(options: AuthClientOptions<F>): AuthClient<F> {
  const core = createAuthCore(options);
  return Object.assign(core, { stream: streamsOf(core), socket: socketsOf(core) });
}

/** The streams of a client: `AuthClient.stream`, for applications that load no sockets. */
export function streamsOf<F extends AnyFetch>(core: AuthCore<F>): AuthClient<F>['stream'] {
  return (input, init, options) => stream(core[shared], input, init, options);
}

/** The sockets of a client: `AuthClient.socket`, for applications that load no streams. Once for each client. */
export function socketsOf(core: AuthCore<AnyFetch>): AuthClient['socket'] {
  return registryOf(core[shared]);
}
