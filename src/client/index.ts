export { type AuthClient, type AuthClientOptions, createAuthClient } from './client.js';
export { ClientError, classify, type Failure, networkFailure, retryAfter } from './failure.js';
export type { Refresh, Refreshed, RefreshRefused } from './refresh/outcome.js';
export { defaultPolicy, type Policy } from './refresh/state.js';
export { type CredentialStore, memoryStore, type StoredCredential } from './store/store.js';
export { type AnyFetch, type Clock, platformClock, type ResponseLike } from './transport.js';
