import type { Step } from '../core/errors.js';
import { Unreachable } from '../core/errors.js';
import type { Limits } from './limits.js';

const words: Readonly<Record<string, readonly [Step, string]>> = {
  ENOTFOUND: ['resolve', 'no such host'],
  EAI_AGAIN: ['resolve', 'the name service does not answer'],
  LOCKSTEP_HANDSHAKE_TIMEOUT: ['handshake', 'no answer to the handshake within {handshakeMs} ms'],
  ECONNREFUSED: ['connect', 'connection refused: nothing listens there'],
  ECONNRESET: ['headers', 'the connection was reset'],
  EPIPE: ['headers', 'the connection was closed'],
  EHOSTUNREACH: ['connect', 'no route to the host'],
  ENETUNREACH: ['connect', 'no route to the network'],
  LOCKSTEP_CLOSED: ['headers', 'the connection was closed without an answer'],
  HPE_HEADER_OVERFLOW: ['too-large', 'the headers are larger than {headerBytes} bytes'],
  LOCKSTEP_CONNECT_TIMEOUT: ['connect', 'no connection within {connectMs} ms'],
  LOCKSTEP_TOO_SLOW: ['body', 'the answer was not whole within {totalMs} ms'],
  LOCKSTEP_METADATA: ['resolve', 'this is an address of cloud metadata, to which nothing is ever sent'],
  LOCKSTEP_ABROAD: ['resolve', 'the name is one of this machine or a private network, and leads elsewhere'],
  LOCKSTEP_USERINFO: ['resolve', 'a URL with a user name in it is not followed'],
  LOCKSTEP_PROXY: ['connect', 'the proxy makes no connection to it'],
  LOCKSTEP_NO_HEADERS: ['headers', 'no answer within {headersMs} ms'],
  LOCKSTEP_STALLED: ['body', 'the answer stopped for {bodyMs} ms'],
  LOCKSTEP_TOO_LARGE: ['too-large', 'the answer is larger than {bodyBytes} bytes'],
  LOCKSTEP_TOO_MUCH: ['too-large', 'the stream is longer than {streamBytes} bytes'],
  LOCKSTEP_UNDECODABLE: ['protocol', 'the answer cannot be decoded'],
};

/** what a connection that ends means once the headers are there */
const cut = ['body', 'the answer ended before it was whole'] as const;

/** Rebuilt from the kind of the error alone: texts of transport errors may carry header values. */
export function unreachable(url: string, reached: Step, error: unknown, bounds: Limits): Unreachable {
  const code = codeOf(error);
  const known = reached === 'body' && code === 'ECONNRESET' ? cut : words[code];
  if (known !== undefined) {
    const [step, text] = known;
    return new Unreachable(
      url,
      step,
      text.replaceAll(/\{(\w+)\}/g, (_, name: keyof Limits) => String(bounds[name])),
    );
  }
  if (code === 'LOCKSTEP_PIN') {
    const { pin } = error as { readonly pin: string };
    return new Unreachable(url, 'tls', `the server has the key sha256/${pin}, which is none of --expect-spki`);
  }
  if (code.startsWith('HPE_')) return new Unreachable(url, 'protocol', 'the answer is not HTTP/1.1');
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/.test(code)) {
    return new Unreachable(url, 'tls', `the TLS connection is not trusted (${code})`);
  }
  if (code === 'ABORT_ERR') return new Unreachable(url, reached, 'ended before an answer came');
  return new Unreachable(url, reached, `no answer (${code})`);
}

/** The code of an error, or of what it was made from; its kind, where it has none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const { code, name, errors, cause } = error as { code?: unknown; name?: unknown; errors?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  if (cause !== undefined) return codeOf(cause);
  if (name === 'AbortError') return 'ABORT_ERR';
  return typeof name === 'string' ? name : 'unknown';
}
