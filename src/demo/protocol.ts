import type { EdgePlan } from './edge/plan.js';

/** How the API trusts the tokens of the auth server. */
export type Trust = 'jwks' | 'shared-secret';

/** Which of the two APIs: Node with jose, or Python with Starlette and PyJWT. */
export type Backend = 'node' | 'python';

/** How a socket is told who connects. */
export type SocketAuthMode = 'query' | 'subprotocol' | 'header' | 'message';

/** What each demo process is told at its start. Secrets are not in it, except the URL of a database that was given. */
export interface Plan {
  /** the work folder, with `frontend/.env.local` and `backend/.env` by the time the servers are told */
  readonly folder: string;
  readonly trust: Trust;
  readonly socketAuth: SocketAuthMode;
  /** a signed-in user may remove itself */
  readonly deleteUser: boolean;
  /** passwords are hashed once, not by scrypt */
  readonly quickPasswords: boolean;
  /** refused sockets are not counted */
  readonly endlessRefusals: boolean;
  /** a PostgreSQL that is already there; null for the embedded one */
  readonly databaseUrl: string | null;
  /** where Better Auth's routes begin: `/api/auth` as a rule */
  readonly basePath: string;
  /** the interpreter for the API in Python; null where it is not asked for */
  readonly python: string | null;
  /** which of several servers of a kind this is, from 0 */
  readonly replica: number;
  /** what an edge stands in front of; null for every other process */
  readonly edge: EdgePlan | null;
}

/** From the parent to a demo process. `start` comes with the listening socket for those that serve HTTP. */
export type Order = { readonly kind: 'start'; readonly plan: Plan } | { readonly kind: 'stop' };

/** From a demo process to its parent. */
export type News =
  | { readonly kind: 'ready'; readonly databaseUrl?: string }
  | { readonly kind: 'failed'; readonly message: string };

/** The variable by which an API learns how many milliseconds its model takes for each part of an answer. */
export const paceVariable = 'LOCKSTEP_DEMO_PACE';

/** The variable by which a demo process learns which folder must not outlive its parent. */
export const folderVariable = 'LOCKSTEP_DEMO_FOLDER';
