import type { DownSignal } from './port.js';

/**
 * What a lost connection means: `auth` wants a new credential, `network` another try, `fatal` an end, `clean` nothing;
 * `hidden` is a browser's 1006, behind which may be any of them.
 */
export type DownClass = 'auth' | 'network' | 'fatal' | 'clean' | 'hidden';

/** Where a connection was when it went down. */
export type Stage = 'connecting' | 'confirming' | 'live';

/** Overrides of the standard table: by handshake status, by close code. */
export interface ClassTable {
  readonly status?: Readonly<Record<number, DownClass>>;
  readonly code?: Readonly<Record<number, DownClass>>;
}

/** 3000 and 3003 are IANA's Unauthorized and Forbidden; 4401 and 4403 what servers use instead. */
const authCodes = [1008, 3000, 3003, 4401, 4403];
const fatalCodes = [1002, 1003, 1007, 1009, 1010, 4400, 4406];

/** What else the class of a signal depends on. */
export interface ClassContext {
  readonly stage: Stage;
  readonly tellsStatus: boolean;
  /** a connection to this URL has worked once, or no fresh credential was tried yet */
  readonly trustsForbidden: boolean;
}

/** The class of a signal, by the table of the application where it has an entry, by the standard one elsewhere. */
export function classOf(signal: DownSignal, context: ClassContext, table: ClassTable = {}): DownClass {
  const { stage, tellsStatus, trustsForbidden } = context;
  if (signal.type === 'error') return signal.fatal ? 'fatal' : 'network';
  if (signal.type === 'handshake') {
    const { status } = signal;
    // ASGI servers answer 403 for a path that is not there: with a fresh credential it is about the endpoint
    const refused = status === 401 || (status === 403 && trustsForbidden);
    const passing = status === 429 || status >= 500;
    return table.status?.[status] ?? (refused ? 'auth' : passing ? 'network' : 'fatal');
  }
  const { code } = signal;
  if (table.code?.[code]) return table.code[code];
  // closed politely before it said yes: a refusal by a server that has no word for it
  if (code === 1000) return stage === 'live' ? 'clean' : 'auth';
  if (authCodes.includes(code)) return 'auth';
  if (fatalCodes.includes(code)) return 'fatal';
  return code === 1006 && stage === 'connecting' && !tellsStatus ? 'hidden' : 'network';
}
