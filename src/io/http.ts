import type { buildConnector, Dispatcher } from 'undici';
// the parts that are used, by their files: the whole package costs three times as much to load
import { request as ask } from 'undici/lib/api/index.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import type { Step } from '../core/errors.js';
import type { Reply } from '../core/reply.js';
import type { Http, HttpRequest } from '../world.js';
import { chunks } from './chunks.js';
import { decoded } from './decode.js';
import type { Dial } from './dial.js';
import { placeOf } from './dial.js';
import type { Limits } from './limits.js';
import { unreachable } from './unreachable.js';

class TooSlow extends Error {
  readonly code = 'LOCKSTEP_TOO_SLOW';
}

/** HTTP/1.1 by undici: one pool an origin, no redirects, no cookies, every limit finite. */
export function createHttp(monotonic: () => number, dial: Dial, bounds: Limits): Http {
  const connect: buildConnector.connector = ({ protocol, hostname, port }, callback) => {
    const secure = protocol === 'https:';
    dial.open({ secure, host: hostname, port: Number(port || (secure ? 443 : 80)) }).then(
      (socket) => callback(null, socket),
      (error: Error) => callback(error, null),
    );
  };
  const pool = (connections: number): Dispatcher =>
    new Agent({
      connect,
      headersTimeout: bounds.headersMs,
      bodyTimeout: bounds.bodyMs,
      maxHeaderSize: bounds.headerBytes,
      connections,
      pipelining: 1,
    });
  const agent = pool(16);
  const lone = new Set<Dispatcher>();
  /** a connection that nothing else uses, and what ends it */
  const apart = () => {
    const own = pool(1);
    lone.add(own);
    const end = () => void (lone.delete(own) && own.destroy());
    return { through: own, end };
  };
  const asked = async (request: HttpRequest, through: Dispatcher, signal: AbortSignal) => {
    const answer = await ask.call(through, {
      ...destination(request.url),
      method: request.method as Dispatcher.HttpMethod,
      headers: sent(request),
      body: request.body ?? null,
      responseHeaders: 'raw',
      signal,
    });
    return { status: answer.statusCode, headers: pairs(answer.headers as unknown as RawHeaders), body: answer.body };
  };
  return {
    async send(request) {
      const began = monotonic();
      let step: Step = 'connect';
      const { through, end } = request.fresh === true ? apart() : { through: agent, end: () => {} };
      const within = deadline(request.signal, bounds.totalMs);
      try {
        const { status, headers, body } = await asked(request, through, within.signal);
        step = 'body';
        const text = await decoded(body, headers, bounds.bodyBytes);
        return reply(request, status, headers, text, monotonic() - began);
      } catch (error) {
        throw unreachable(request.url, step, error, bounds);
      } finally {
        within.off();
        end();
      }
    },
    async open(request) {
      // a stream may last, and must not take a place from the requests beside it
      const { through, end } = apart();
      const within = deadline(request.signal, bounds.totalMs);
      const over = () => {
        within.off();
        end();
      };
      try {
        const { status, headers, body } = await asked(request, through, within.signal);
        within.enough();
        const at = monotonic();
        const named = async function* () {
          try {
            yield* chunks(body, monotonic, bounds.streamBytes);
          } catch (error) {
            throw unreachable(request.url, 'body', error, bounds);
          } finally {
            over();
          }
        };
        return { url: request.url, status, headers, at, body: named(), close: over };
      } catch (error) {
        over();
        throw unreachable(request.url, 'connect', error, bounds);
      }
    },
    async close() {
      dial.close();
      await Promise.all([agent, ...lone].map((each) => each.destroy()));
    },
  };
}

/** A signal that follows another one, and ends by itself after `ms` unless it was `enough` before. */
function deadline(signal: AbortSignal | undefined, ms: number) {
  const cut = new AbortController();
  const follow = () => cut.abort(signal?.reason);
  if (signal?.aborted === true) follow();
  else signal?.addEventListener('abort', follow, { once: true });
  const timer = setTimeout(() => cut.abort(new TooSlow()), ms);
  const enough = () => clearTimeout(timer);
  const off = () => {
    enough();
    signal?.removeEventListener('abort', follow);
  };
  return { signal: cut.signal, enough, off };
}

type RawHeaders = readonly (string | Buffer)[];

/** Names and values in turn, as a header that stands twice needs it. */
function sent({ headers, also = [] }: HttpRequest): string[] {
  const all = { 'accept-encoding': 'identity', 'user-agent': 'lockstep', ...headers };
  return [...Object.entries(all), ...also].flat();
}

function destination(url: string): { origin: string; path: string } {
  // before a connection is looked for, since one to the same host may be open
  placeOf(url);
  const { origin, pathname, search } = new URL(url);
  return { origin, path: `${pathname}${search}` };
}

function pairs(raw: RawHeaders): (readonly [string, string])[] {
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
