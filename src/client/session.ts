import { Listeners } from './listeners.js';
import type { Coordinator } from './refresh/coordinator.js';
import type { State } from './refresh/state.js';

/** Who is signed in, as one immutable value: the same object until something in it changes. */
export interface AuthSnapshot {
  /** `unknown` until the auth server or the API has said something about the credential at hand */
  readonly status: 'unknown' | 'signed-in' | 'signed-out' | 'session-dead';
  readonly user: string | null;
  /** grows with each new credential */
  readonly generation: number;
  /** another number is another session: it grows with sign-in, sign-out and a change of user */
  readonly session: number;
}

function snapshotOf({ dead, credential, generations, epoch: session }: State): AuthSnapshot {
  if (dead) return { status: dead, user: null, generation: generations, session };
  if (!credential || (credential.by === 'store' && !credential.proven))
    return { status: 'unknown', user: null, generation: generations, session };
  return { status: 'signed-in', user: credential.user, generation: credential.generation, session };
}

/** What the application sees of the coordination: snapshots, and when there is a new one. */
export class Session {
  readonly changed = new Listeners<[]>();
  #snapshot: AuthSnapshot;
  #restoring: Promise<AuthSnapshot> | null = null;
  readonly #coordinator: Coordinator;

  constructor(coordinator: Coordinator) {
    this.#coordinator = coordinator;
    this.#snapshot = snapshotOf(coordinator.state);
    coordinator.listen(() => this.#update());
  }

  get snapshot(): AuthSnapshot {
    return this.#snapshot;
  }

  /** See `AuthClient.restore`. */
  restore(validate?: (token: string) => Promise<boolean>): Promise<AuthSnapshot> {
    this.#restoring ??= this.#restore(validate).finally(() => {
      this.#restoring = null;
    });
    return this.#restoring;
  }

  async #restore(validate?: (token: string) => Promise<boolean>): Promise<AuthSnapshot> {
    const { credential, epoch, dead } = this.#coordinator.state;
    if (dead) return this.#snapshot;
    if (!validate) {
      await this.#coordinator.refresh().catch(() => {});
      return this.#snapshot;
    }
    if (!credential) {
      this.#coordinator.signOut();
      return this.#snapshot;
    }
    // no answer says nothing about the session
    const valid = await validate(credential.token).catch(() => null);
    if (this.#coordinator.state.epoch !== epoch || valid === null) return this.#snapshot;
    if (valid) this.#coordinator.accepted({ epoch, generation: credential.generation, token: credential.token });
    else this.#coordinator.signOut();
    return this.#snapshot;
  }

  #update(): void {
    const now = snapshotOf(this.#coordinator.state);
    const keys = Object.keys(now) as (keyof AuthSnapshot)[];
    if (keys.every((key) => now[key] === this.#snapshot[key])) return;
    this.#snapshot = now;
    this.changed.tell();
  }
}
