import { Unreachable } from '../core/errors.js';
import type { Probe, SocketOptions, SocketTrace } from '../core/probe.js';

/**
 * One attempt to open the socket with something that may be refused. A connection that is dropped in the handshake is a
 * refusal too, if the good token is taken before and after.
 */
export async function trySocket(probe: Probe, options: SocketOptions): Promise<SocketTrace> {
  try {
    return await probe.socket(options);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return { url: error.url, sent: true, status: 0, protocol: '', acked: false, messages: [], closed: null };
  }
}
