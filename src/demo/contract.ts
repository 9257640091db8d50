import type { Secret } from '../core/secret.js';
import type { EdgeOptions } from './edge/plan.js';
import type { FaultId } from './faults.js';
import type { ServiceName } from './parts.js';
import type { Person } from './people.js';
import type { Backend, SocketAuthMode, Trust } from './protocol.js';
import type { TwinId } from './twins.js';

/** What a deployment is asked to be. */
export interface DemoOptions {
  readonly trust: Trust;
  readonly socketAuth: SocketAuthMode;
  /** a signed-in user may remove itself: on, unless said otherwise, though Better Auth has it off */
  readonly deleteUser?: boolean;
  /**
   * Passwords are hashed once instead of by scrypt, which costs a tenth of a second of processor time each: for tests that
   * sign up hundreds of users and ask nothing about passwords
   */
  readonly quickPasswords?: boolean;
  /** refused sockets are not counted, for tests that have hundreds of them refused and ask nothing about limits */
  readonly endlessRefusals?: boolean;
  /** Node unless given */
  readonly backend?: Backend;
  /**
   * A real PostgreSQL instead of the embedded one. The demo makes one schema of its own in it,
   * `lockstep_demo_<random>`, and drops it at the end with all users, rows and tables in it; whatever else is there is
   * not touched. Needs CREATE on the database.
   */
  readonly databaseUrl?: Secret;
  readonly faults: readonly FaultId[];
  /** the healthy deployment that it looks like; what settings say of it is given as settings */
  readonly twin?: TwinId;
  /** one public origin in front of both halves; none unless given or needed by a fault */
  readonly edge?: EdgeOptions;
  /** milliseconds that the model takes for each part of an answer; 5 unless given */
  readonly pace?: number;
  /** NODE_ENV=production for the auth server: three sign-ins in ten seconds */
  readonly production?: boolean;
  /** where Better Auth's routes begin: `/api/auth` unless given */
  readonly basePath?: string;
  /** asked-for ports; any free one otherwise */
  readonly port?: { readonly auth?: number; readonly api?: number; readonly edge?: number };
  /** one line for each thing that got ready */
  readonly progress?: (line: string) => void;
  /** ends the demo, whether it is starting or running */
  readonly signal?: AbortSignal;
}

/** A whole deployment on loopback. */
export interface Demo {
  /** `http://localhost:PORT/api/auth` */
  readonly auth: string;
  readonly api: string;
  /** `ws://localhost:PORT/api/ws`; with TLS `wss:` on a host name of its own */
  readonly socket: string;
  readonly page: string;
  /** holds `frontend/.env.local` and `backend/.env` (0600); gone after `stop` */
  readonly folder: string;
  /** reaches the rows of this demo */
  readonly database: Secret;
  readonly users: { readonly a: Person; readonly b: Person };
  /** the lockstep.json to use, and where it lies */
  readonly config: object;
  readonly configFile: string;
  /** the certificate of the CA that the edge is under, PEM; null where it speaks no TLS */
  readonly caFile: string | null;
  /** the processes; `database` only where it is the demo's own */
  readonly services: { readonly [name in ServiceName]?: { readonly pid: number; stop(): Promise<void> } };
  /** resolves with the name of the first process that is gone */
  readonly ended: Promise<string>;
  /** leaves no process and no file; can be called again */
  stop(): Promise<void>;
}
