import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Target } from '../core/target.js';

/** Where the credentials of a target may go: scheme, host and port of its own addresses, and nowhere else. */
export interface Home {
  /** throws where a URL leads elsewhere */
  admit(url: string): void;
}

export function homeOf({ auth, api, routes }: Pick<Target, 'auth' | 'api' | 'routes'>): Home {
  const own = [auth, api, routes.socket.value.url].flatMap((url) => (url ? [originOf(url)] : []));
  return {
    admit(url) {
      if (own.includes(originOf(url))) return;
      throw new LockstepError('credential-abroad', 'a credential was to leave the deployment, and did not', {
        exit: Exit.unfinished,
        hint: `credentials go to ${own.join(', ')} alone`,
      });
    },
  };
}

/** A socket's is that of its handshake, which is HTTP. */
function originOf(url: string): string | null {
  const spelled = url.replace(/^ws/i, 'http');
  return URL.canParse(spelled) ? new URL(spelled).origin : null;
}
