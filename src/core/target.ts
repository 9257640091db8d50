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

/** Somebody who signs in with e-mail and password. */
export interface Account {
  readonly email: string;
  readonly password: Secret;
}

export interface User extends Account {
  readonly name: 'a' | 'b';
}

/** Something that users own over HTTP, with its paths under the API's base. `{id}` and `{canary}` are filled in. */
export interface Resource {
  readonly name: string;
  readonly collection: string;
  readonly item: string;
  /** JSON Pointer to the id in the answer to a create; `/id` is sought in the usual envelopes too */
  readonly id: string;
  readonly create: unknown;
  /** nobody declared the body of a create: it is what many APIs take, and one that wants another is not at fault */
  readonly assumed: boolean;
  /** body of an update; null where none is declared */
  readonly update: unknown;
  /** routes of what belongs to one of them, with `{id}`: `/api/tasks/{id}/messages`; read with GET */
  readonly children: readonly string[];
  /** others may read it on purpose: a foreign read is then no finding */
  readonly shared: boolean;
}

/** A route that answers with server-sent events. */
export interface Stream {
  readonly post: string;
  /** `{canary}` is filled in */
  readonly body: unknown;
  /** data of the last event; null where none is declared */
  readonly done: string | null;
  /** route that lists the stored messages of the caller; null where none is declared */
  readonly messages: string | null;
}

/** What a client may say over the socket, as JSON or text; `{room}` and `{canary}` are filled in. Null: not declared. */
export interface SocketTalk {
  /** is answered to the sender, and to nobody else: `{"type":"ping"}` */
  readonly ask: unknown;
  /** enters a room that the caller owns or creates by it */
  readonly join: unknown;
  /** is heard by everybody in the room */
  readonly say: unknown;
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
  readonly talk: SocketTalk;
  /** further GET routes of the API that need a credential */
  readonly protected: readonly string[];
  /** GET routes of the API that answer everybody on purpose */
  readonly public: readonly string[];
  /** GET route of the API that says that it lives, without a credential; null where none is declared */
  readonly health: string | null;
}

/** What this deployment holds to be right, where that is a matter of policy. */
export interface Policy {
  /** seconds that a token may live without a remark, 900 unless declared; never more than a day */
  readonly tokenLifetime: number;
  /** seconds by which the API may go on taking an expired token, 60 unless declared */
  readonly leeway: number;
  /** whether the API must refuse tokens for other audiences */
  readonly audience: 'enforced' | 'any';
  /** whether a user may have several sessions at once */
  readonly sessions: 'multiple' | 'single';
  /** WebSocket close codes that say "your credential" */
  readonly authCloseCodes: readonly number[];
  /** seconds until a socket that has not authenticated is closed, 10 unless declared */
  readonly authDeadline: number;
  /** where sign-ins are limited: `app` unless it is declared to be the edge or nowhere */
  readonly rateLimit: 'app' | 'edge' | 'none';
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
  /** may remove users through Better Auth's admin plugin; asked to remove those alone that a run made */
  readonly admin: Account | null;
  readonly database: Secret | null;
  /** a secret that may be that of the auth server, or the one that both sides share */
  readonly secret: Secret | null;
  /** path of a PEM file of authorities that are trusted beside those of Node, from the current folder; null for none */
  readonly caFile: string | null;
  readonly routes: Routes;
  readonly policy: Policy;
  /** declared, or guessed from an address that is not loopback or private: writes then need consent */
  readonly production: boolean;
  /** somebody said that it is no production, and not only its addresses look so */
  readonly vouched?: true;
}
