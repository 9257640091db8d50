import type { Failure } from '../failure.js';
import type { DownClass } from './classes.js';
import type { DownSignal } from './port.js';

/** What to tell the application about a lost connection. */
export function failureOf(signal: DownSignal, verdict: DownClass): Failure | null {
  const what = textOf(signal);
  if (verdict === 'clean') return null;
  if (verdict === 'auth') return { kind: 'auth', reason: 'refused' };
  if (verdict === 'fatal') return { kind: 'protocol', what };
  if (signal.type === 'handshake' && signal.status === 429)
    return { kind: 'rate-limited', retryAfter: signal.retryAfter };
  if (signal.type === 'handshake' && signal.status >= 500) return { kind: 'server', status: signal.status };
  return { kind: 'network', code: what };
}

function textOf(signal: DownSignal): string {
  if (signal.type === 'handshake') return `status ${signal.status}`;
  return signal.type === 'close' ? `close ${signal.code}` : (signal.code ?? 'no answer');
}
