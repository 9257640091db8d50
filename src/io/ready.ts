import type { Socket } from 'node:net';

class ClosedEarly extends Error {
  readonly code = 'ECONNRESET';
}

/** What was begun, unless the signal comes first. */
export function unless<T>(signal: AbortSignal, begun: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cut = () => reject(signal.reason);
    if (signal.aborted) cut();
    signal.addEventListener('abort', cut, { once: true });
    begun.then(resolve, reject).finally(() => signal.removeEventListener('abort', cut));
  });
}

/** A socket once it is what was asked for; destroyed where the signal comes first. */
export function ready<T extends Socket>(
  socket: T,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cut = () => void socket.destroy(signal.reason);
    signal.addEventListener('abort', cut, { once: true });
    socket.once(event, () => {
      signal.removeEventListener('abort', cut);
      socket.setNoDelay(true).setKeepAlive(true, 60_000);
      resolve(socket);
    });
    // stays, for an error before whoever gets the socket listens
    socket.on('error', reject);
    socket.once('close', () => reject(new ClosedEarly()));
    if (signal.aborted) cut();
  });
}
