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
  if (signal.type === 'error') return fatalError(signal.code) ? 'fatal' : 'network';
  const { stage, tellsStatus, trustsForbidden } = context;
  if (signal.type === 'handshake') {
    const { status } = signal;
    if (table.status?.[status]) return table.status[status];
    if (status === 401) return 'auth';
    // ASGI servers answer 403 for a path that is not there: with a fresh credential it is about the endpoint
    if (status === 403) return trustsForbidden ? 'auth' : 'fatal';
    return status === 429 || status >= 500 ? 'network' : 'fatal';
  }
  const { code } = signal;
  if (table.code?.[code]) return table.code[code];
  // closed politely before it said yes: a refusal by a server that has no word for it
  if (code === 1000) return stage === 'live' ? 'clean' : 'auth';
  if (authCodes.includes(code)) return 'auth';
  if (fatalCodes.includes(code)) return 'fatal';
  return code === 1006 && stage === 'connecting' && !tellsStatus ? 'hidden' : 'network';
}

/** Trying again does not mend a certificate, or a server that speaks something else. */
function fatalError(code: string | null): boolean {
  return code !== null && /^(WS_ERR_|HPE_|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code);
}
