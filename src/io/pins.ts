import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** The connection is as trusted as it has to be, and the key is none of those that were named. `pin` is public. */
class OtherKey extends Error {
  readonly code = 'LOCKSTEP_PIN';
  readonly pin: string;
  constructor(pin: string) {
    super();
    this.pin = pin;
  }
}

/** What is wrong with the key that a server has shown in its handshake; null where it is one of `pins`. */
export function otherKey(socket: TLSSocket, pins: readonly string[]): OtherKey | null {
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
  const pin = createHash('sha256')
    .update(key ?? '')
    .digest('base64');
  return key !== undefined && pins.includes(pin) ? null : new OtherKey(pin);
}
