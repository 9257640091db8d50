import type { Secret } from './secret.js';

/** How a socket is told who connects: `query:token`, `subprotocol`, `header`, `message`. */
export type SocketAuth =
  | { readonly mode: 'query'; readonly name: string }
  | { readonly mode: 'subprotocol'; readonly protocol: string }
  | { readonly mode: 'header' }
  | { readonly mode: 'message'; readonly template: string };

/** A value that was either written by the user or assumed; an assumed route that is not there is no finding. */
export interface Assumable<T> {
  readonly value: T;
  readonly declared: boolean;
}

export interface User {
  readonly name: 'a' | 'b';
  readonly email: string;
  readonly password: Secret;
}

/** Something that users own over HTTP, with its paths under the API's base. `{id}` and `{canary}` are filled in. */
export interface Resource {
  readonly name: string;
  readonly collection: string;
  readonly item: string;
  /** JSON Pointer to the id in the answer to a create */
  readonly id: string;
  readonly create: unknown;
  /** body of an update; null where none is declared */
  readonly update: unknown;
}

/** A route that answers with server-sent events. */
export interface Stream {
  readonly post: string;
  /** `{canary}` is filled in */
  readonly body: unknown;
  /** data of the last event; null where none is declared */
  readonly done: string | null;
}

export interface Routes {
  /** the route that says who the caller is; `identity` is the JSON Pointer to the user id */
  readonly me: Assumable<{ readonly get: string; readonly identity: string | null }>;
  readonly resources: Assumable<readonly Resource[]>;
  readonly stream: Stream | null;
  /** path of the ChatKit route */
  readonly chatkit: string | null;
  /** absolute ws: or wss: URL, empty where it is not declared and there is no API; `ack` null where none is declared */
  readonly socket: Assumable<{ readonly url: string; readonly auth: SocketAuth; readonly ack: unknown }>;
}

/** One deployment: where it is, how it trusts, what it offers, how careful to be. */
export interface Target {
  readonly name: string;
  /** Better Auth's base URL with its base path, no trailing slash: `http://localhost:3000/api/auth` */
  readonly auth: string;
  /** what `Origin` says for a browser on the frontend: scheme, host, port */
  readonly origin: string;
  /** the API's base URL, no trailing slash; null where only the auth server was named */
  readonly api: string | null;
  /** path of the token route under `auth` */
  readonly tokenRoute: Assumable<string>;
  readonly trust: 'auto' | 'jwks' | 'shared-secret';
  readonly users: { readonly a: User | null; readonly b: User | null };
  /** users that a run may make for itself; such a one is null in `users` */
  readonly signUp: readonly User['name'][];
  readonly database: Secret | null;
  readonly routes: Routes;
  /** declared, or guessed from an address that is not loopback or private: writes then need consent */
  readonly production: boolean;
}
