import { Listeners } from './listeners.js';
import type { Coordinator } from './refresh/coordinator.js';
import { isConfirmed, type State } from './refresh/state.js';

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

function snapshotOf({ dead, credential, generations: generation, epoch: session }: State): AuthSnapshot {
  const status = dead ?? (isConfirmed(credential) ? 'signed-in' : 'unknown');
  const user = status === 'signed-in' && credential ? credential.user : null;
  return { status, user, generation, session };
}

/** What the application sees of the coordination: snapshots, and when there is a new one. */
export class Session {
  readonly changed = new Listeners<[]>();
  #snapshot: AuthSnapshot;
  #restoring: Promise<void> | null = null;
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
  async restore(validate?: (token: string) => Promise<boolean>): Promise<AuthSnapshot> {
    this.#restoring ??= this.#restore(validate).finally(() => {
      this.#restoring = null;
    });
    await this.#restoring;
    return this.#snapshot;
  }

  async #restore(validate?: (token: string) => Promise<boolean>): Promise<void> {
    const { credential, epoch, dead } = this.#coordinator.state;
    if (dead) return;
    // no answer says nothing about the session
    if (!validate) return this.#coordinator.refresh().catch(() => {});
    const valid = credential !== null && (await validate(credential.token).catch(() => null));
    if (this.#coordinator.state.epoch !== epoch) return;
    if (valid) this.#coordinator.accepted(credential);
    else if (valid === false) this.#coordinator.signOut();
  }

  #update(): void {
    const now = snapshotOf(this.#coordinator.state);
    const keys = Object.keys(now) as (keyof AuthSnapshot)[];
    if (keys.every((key) => now[key] === this.#snapshot[key])) return;
    this.#snapshot = now;
    this.changed.tell();
  }
}
