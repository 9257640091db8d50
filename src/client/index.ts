export { type Backoff, backoffDelay, defaultBackoff } from './backoff.js';
export { type AuthClient, createAuthClient, socketsOf, streamsOf } from './client.js';
export { type AuthClientOptions, type AuthCore, createAuthCore } from './core.js';
export { isToken } from './credential.js';
export { ClientError, classify, type Failure, networkFailure, retryAfter } from './failure.js';
export { refreshAhead } from './refresh/ahead.js';
export { tokenEndpoint } from './refresh/endpoint.js';
export type { Refresh, Refreshed, RefreshRefused } from './refresh/outcome.js';
export { defaultPolicy, type Policy } from './refresh/state.js';
export type { AuthSnapshot } from './session.js';
export { type ClassContext, type ClassTable, classOf, type DownClass, type Stage } from './socket/classes.js';
export type { SocketStatus } from './socket/connection.js';
export type { SocketData, SocketLimits, SocketMode, SocketOptions } from './socket/options.js';
export {
  type DownSignal,
  type SocketHandle,
  type SocketListener,
  type SocketPort,
  type SocketRequest,
  webSocketPort,
} from './socket/port.js';
export type { AuthSocket } from './socket/registry.js';
export { wsPort } from './socket/ws-port.js';
export { type BrowserLike, browserStore } from './store/browser.js';
export { type CredentialStore, memoryStore, type StoredCredential } from './store/store.js';
export {
  type ChatKitEvent,
  type ChatKitKind,
  type ChatKitMessage,
  ChatKitTexts,
  chatKitEnding,
  chatKitEvent,
  chatKitKinds,
  chatKitRequest,
  chatKitStream,
} from './stream/chatkit.js';
export { eventDecoder, type StreamEvent } from './stream/decode.js';
export type { Ending, StreamOptions, StreamPart } from './stream/options.js';
export { type AnyFetch, type Clock, platformClock, type ResponseLike } from './transport.js';
