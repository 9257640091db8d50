import type { IncomingMessage } from 'node:http';
import { request as ask } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpRequest } from '../world.js';
import type { Connections } from './connections.js';
import type { Limits } from './limits.js';

class Ended extends Error {
  readonly code: string;
  constructor(code: string) {
    super();
    this.code = code;
  }
}

/** An answer of which the headers are there. */
export interface Answer {
  readonly message: IncomingMessage;
  /** its body may last, as long as it does not stop */
  enough(): void;
  /** nobody reads it for now, and that takes none of its time; what is returned has the time begin anew */
  rest(): () => void;
  /** nothing more is wanted of it */
  over(): void;
}

/**
 * One request of HTTP/1.1 and its answer: no redirects, no cookies, every limit finite. The limits and `request.signal` end
 * it, before the headers by a rejection, after them by an error of the body.
 */
export function exchange(request: HttpRequest, through: Connections, bounds: Limits): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, host, pathname, search } = new URL(request.url);
    const asked = ask({
      agent: through,
      host: hostname,
      method: request.method,
      path: `${pathname}${search}`,
      headers: sent(request, host),
      maxHeaderSize: bounds.headerBytes,
      insecureHTTPParser: false,
    });
    // the size bounds their number
    asked.maxHeadersCount = 0;
    let message: IncomingMessage | undefined;
    const end = (code: string) => {
      const why = new Ended(code);
      // without a connection, the request itself would only say so once it has one
      reject(why);
      (message ?? asked).destroy(why);
    };
    const follow = () => end('ABORT_ERR');
    const begin = () => setTimeout(() => end('LOCKSTEP_TOO_SLOW'), bounds.totalMs);
    let total = begin();
    let headers: NodeJS.Timeout | undefined;
    let line: Socket | undefined;
    const stalled = () => {
      // what has come and is not read yet is no silence of the server
      if (message?.readableLength === 0 && !message.complete) end('LOCKSTEP_STALLED');
    };
    let isOver = false;
    const over = () => {
      isOver = true;
      clearTimeout(total);
      clearTimeout(headers);
      line?.off('timeout', stalled);
      request.signal?.removeEventListener('abort', follow);
    };
    asked.once('socket', (socket) => {
      line = socket;
      headers = setTimeout(() => end('LOCKSTEP_NO_HEADERS'), bounds.headersMs);
    });
    if (request.sent !== undefined) asked.once('finish', request.sent);
    asked.once('response', (answer) => {
      message = answer;
      clearTimeout(headers);
      through.heed(answer);
      // stays, for an error before whoever gets the answer listens
      answer.on('error', () => {});
      line?.setTimeout(bounds.bodyMs).on('timeout', stalled);
      const enough = () => clearTimeout(total);
      const rest = () => {
        enough();
        return () => {
          if (!isOver) total = begin();
        };
      };
      resolve({ message: answer, enough, rest, over });
    });
    asked.on('error', (error) => {
      if (message?.complete === false) message.destroy(error);
      if (message !== undefined) return;
      over();
      reject(isHangUp(error) ? new Ended('LOCKSTEP_CLOSED') : error);
    });
    if (request.signal?.aborted === true) follow();
    else request.signal?.addEventListener('abort', follow, { once: true });
    asked.end(request.body);
  });
}

/** The other end has closed, which Node tells like a reset. */
function isHangUp({ code, syscall }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' && syscall === undefined;
}

const withBody = ['POST', 'PUT', 'PATCH'];

/** Names and values in turn, as a header that stands twice needs it; to such a list, Node adds nothing about host and body. */
function sent({ method, headers, also = [], body }: HttpRequest, host: string): string[] {
  const length = body === undefined && !withBody.includes(method) ? null : String(Buffer.byteLength(body ?? ''));
  const all = {
    host,
    'accept-encoding': 'identity',
    'user-agent': 'lockstep',
    ...(length !== null && { 'content-length': length }),
    ...headers,
  };
  return [...Object.entries(all), ...also].flat();
}
