import type { Dispatcher } from 'undici';
// the parts that are used, by their files: the whole package costs three times as much to load
import { request as ask } from 'undici/lib/api/index.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import type { Step } from '../core/errors.js';
import { Unreachable } from '../core/errors.js';
import type { Reply } from '../core/reply.js';
import type { Http, HttpRequest } from '../world.js';
import { decoded } from './decode.js';

/** What an answer may cost at most. Bytes count after decoding, so that a small zipped body cannot grow large. */
export interface HttpLimits {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly bodyMs: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

const limits: HttpLimits = {
  connectMs: 5_000,
  headersMs: 10_000,
  bodyMs: 15_000,
  headerBytes: 16_384,
  bodyBytes: 1_048_576,
};

/** HTTP/1.1 by undici: one pool an origin, no redirects, no cookies, no proxy, every limit finite. */
export function createHttp(monotonic: () => number, options: Partial<HttpLimits> = {}): Http {
  const bounds = { ...limits, ...options };
  const agent: Dispatcher = new Agent({
    connect: { timeout: bounds.connectMs },
    headersTimeout: bounds.headersMs,
    bodyTimeout: bounds.bodyMs,
    maxHeaderSize: bounds.headerBytes,
    connections: 16,
    pipelining: 1,
  });
  return {
    async send(request) {
      const began = monotonic();
      let step: Step = 'connect';
      try {
        const answer = await ask.call(agent, {
          ...destination(request.url),
          method: request.method as Dispatcher.HttpMethod,
          headers: { 'accept-encoding': 'identity', 'user-agent': 'lockstep', ...request.headers },
          body: request.body ?? null,
          responseHeaders: 'raw',
          signal: request.signal ?? null,
        });
        step = 'body';
        const headers = pairs(answer.headers as unknown as (string | Buffer)[]);
        const text = await decoded(answer.body, headers, bounds.bodyBytes);
        return reply(request, answer.statusCode, headers, text, monotonic() - began);
      } catch (error) {
        throw unreachable(request.url, step, error, bounds);
      }
    },
    async close() {
      await agent.destroy();
    },
  };
}

function destination(url: string): { origin: string; path: string } {
  const { origin, pathname, search } = new URL(url);
  return { origin, path: `${pathname}${search}` };
}

function pairs(raw: readonly (string | Buffer)[]): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) found.push([String(raw[i]).toLowerCase(), String(raw[i + 1])]);
  return found;
}

function reply(request: HttpRequest, status: number, headers: Reply['headers'], text: string, ms: number): Reply {
  return { method: request.method, url: request.url, status, headers, text, json: parsed(text), ms: Math.round(ms) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const words: Readonly<Record<string, readonly [Step, string]>> = {
  ENOTFOUND: ['resolve', 'no such host'],
  EAI_AGAIN: ['resolve', 'the name service does not answer'],
  ECONNREFUSED: ['connect', 'connection refused: nothing listens there'],
  ECONNRESET: ['headers', 'the connection was reset'],
  EPIPE: ['headers', 'the connection was closed'],
  EHOSTUNREACH: ['connect', 'no route to the host'],
  ENETUNREACH: ['connect', 'no route to the network'],
  UND_ERR_SOCKET: ['headers', 'the connection was closed without an answer'],
  UND_ERR_HEADERS_OVERFLOW: ['too-large', 'the headers are larger than {headerBytes} bytes'],
  UND_ERR_CONNECT_TIMEOUT: ['connect', 'no connection within {connectMs} ms'],
  UND_ERR_HEADERS_TIMEOUT: ['headers', 'no answer within {headersMs} ms'],
  UND_ERR_BODY_TIMEOUT: ['body', 'the answer stopped for {bodyMs} ms'],
  LOCKSTEP_TOO_LARGE: ['too-large', 'the answer is larger than {bodyBytes} bytes'],
  LOCKSTEP_UNDECODABLE: ['protocol', 'the answer cannot be decoded'],
};

/** Rebuilt from the kind of the error alone: texts of transport errors may carry header values. */
function unreachable(url: string, reached: Step, error: unknown, bounds: HttpLimits): Unreachable {
  const code = codeOf(error);
  const known = words[code];
  if (known !== undefined) {
    const [step, text] = known;
    return new Unreachable(
      url,
      step,
      text.replaceAll(/\{(\w+)\}/g, (_, name: keyof HttpLimits) => String(bounds[name])),
    );
  }
  if (code.startsWith('HPE_')) return new Unreachable(url, 'protocol', `the answer is not HTTP/1.1 (${code})`);
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(code)) {
    return new Unreachable(url, 'tls', `the TLS connection is not trusted (${code})`);
  }
  if (code === 'UND_ERR_ABORTED' || code === 'ABORT_ERR')
    return new Unreachable(url, reached, 'ended before an answer came');
  return new Unreachable(url, reached, `no answer (${code})`);
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const { code, name, errors, cause } = error as { code?: unknown; name?: unknown; errors?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  if (cause !== undefined) return codeOf(cause);
  if (name === 'AbortError') return 'ABORT_ERR';
  return typeof name === 'string' ? name : 'unknown';
}
