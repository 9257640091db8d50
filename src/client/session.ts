import { listeners } from './listeners.js';
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
export function sessionOf(coordinator: Coordinator) {
  const changed = listeners<[]>();
  let snapshot = snapshotOf(coordinator.state);
  let restoring: Promise<void> | null = null;

  coordinator.listen(() => {
    const now = snapshotOf(coordinator.state);
    const keys = Object.keys(now) as (keyof AuthSnapshot)[];
    if (keys.every((key) => now[key] === snapshot[key])) return;
    snapshot = now;
    changed.tell();
  });

  const look = async (validate?: (token: string) => Promise<boolean>): Promise<void> => {
    const { credential, epoch, dead } = coordinator.state;
    if (dead) return;
    // no answer says nothing about the session
    if (!validate) return coordinator.refresh().catch(() => {});
    const valid = credential !== null && (await validate(credential.token).catch(() => null));
    if (coordinator.state.epoch !== epoch) return;
    if (valid) coordinator.accepted(credential);
    else if (valid === false) coordinator.signOut();
  };

  return {
    subscribe: changed.add,
    get snapshot() {
      return snapshot;
    },
    /** See `AuthClient.restore`. */
    async restore(validate?: (token: string) => Promise<boolean>): Promise<AuthSnapshot> {
      restoring ??= look(validate).finally(() => {
        restoring = null;
      });
      await restoring;
      return snapshot;
    },
  };
}
