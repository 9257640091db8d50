import type { Failure } from '../failure.js';
import { type ClassTable, classOf, type DownClass, type Stage } from './classes.js';
import type { DownSignal } from './port.js';
import type { Happening, SocketState } from './state.js';

/** What the loss of the current socket means to the connection, and what to tell the application about it. */
export interface Verdict {
  readonly event: Happening;
  /** null for an end in good order */
  readonly failure: Failure | null;
}

/** @param known where the signal alone does not tell its class */
export function verdictOn(
  signal: DownSignal,
  state: SocketState,
  tellsStatus: boolean,
  table: ClassTable | undefined,
  known?: DownClass,
): Verdict {
  const { socket, phase, everLive, refreshed } = state;
  const context = { stage: phase as Stage, tellsStatus, trustsForbidden: everLive || !refreshed };
  const kind = known ?? classOf(signal, context, table);
  const floor = ('retryAfter' in signal && signal.retryAfter) || 0;
  const crowd = signal.type === 'close' && (signal.code === 1001 || signal.code === 1012);
  return { event: { type: 'down', socket, class: kind, floor, crowd }, failure: failureOf(signal, kind) };
}

function failureOf(signal: DownSignal, kind: DownClass): Failure | null {
  if (kind === 'clean') return null;
  if (kind === 'auth') return { kind, reason: 'refused' };
  const handshake = signal.type === 'handshake';
  if (kind !== 'fatal' && handshake) {
    const { status, retryAfter } = signal;
    if (status === 429) return { kind: 'rate-limited', retryAfter };
    if (status >= 500) return { kind: 'server', status };
  }
  const what = handshake
    ? `status ${signal.status}`
    : signal.type === 'close'
      ? `close ${signal.code}`
      : (signal.code ?? 'no answer');
  return kind === 'fatal' ? { kind: 'protocol', what } : { kind: 'network', code: what };
}
