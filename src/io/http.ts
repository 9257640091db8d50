import type { Dispatcher } from 'undici';
// the parts that are used, by their files: the whole package costs three times as much to load
import { request as ask } from 'undici/lib/api/index.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import type { Step } from '../core/errors.js';
import type { Reply } from '../core/reply.js';
import type { Http, HttpRequest } from '../world.js';
import { chunks } from './chunks.js';
import { decoded } from './decode.js';
import type { HttpLimits } from './http-limits.js';
import { defaultLimits } from './http-limits.js';
import { unreachable } from './unreachable.js';

/** HTTP/1.1 by undici: one pool an origin, no redirects, no cookies, no proxy, every limit finite. */
export function createHttp(monotonic: () => number, options: Partial<HttpLimits> = {}): Http {
  const bounds = { ...defaultLimits, ...options };
  const pool = (connections: number): Dispatcher =>
    new Agent({
      connect: { timeout: bounds.connectMs },
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
  const asked = async (request: HttpRequest, through: Dispatcher) => {
    const answer = await ask.call(through, {
      ...destination(request.url),
      method: request.method as Dispatcher.HttpMethod,
      headers: sent(request),
      body: request.body ?? null,
      responseHeaders: 'raw',
      signal: request.signal ?? null,
    });
    return { status: answer.statusCode, headers: pairs(answer.headers as unknown as RawHeaders), body: answer.body };
  };
  return {
    async send(request) {
      const began = monotonic();
      let step: Step = 'connect';
      const { through, end } = request.fresh === true ? apart() : { through: agent, end: () => {} };
      try {
        const { status, headers, body } = await asked(request, through);
        step = 'body';
        const text = await decoded(body, headers, bounds.bodyBytes);
        return reply(request, status, headers, text, monotonic() - began);
      } catch (error) {
        throw unreachable(request.url, step, error, bounds);
      } finally {
        end();
      }
    },
    async open(request) {
      // a stream may last, and must not take a place from the requests beside it
      const { through, end } = apart();
      try {
        const { status, headers, body } = await asked(request, through);
        const at = monotonic();
        const named = async function* () {
          try {
            yield* chunks(body, monotonic, bounds.streamBytes);
          } catch (error) {
            throw unreachable(request.url, 'body', error, bounds);
          } finally {
            end();
          }
        };
        return { url: request.url, status, headers, at, body: named(), close: end };
      } catch (error) {
        end();
        throw unreachable(request.url, 'connect', error, bounds);
      }
    },
    async close() {
      await Promise.all([agent, ...lone].map((each) => each.destroy()));
    },
  };
}

type RawHeaders = readonly (string | Buffer)[];

/** Names and values in turn, as a header that stands twice needs it. */
function sent({ headers, also = [] }: HttpRequest): string[] {
  const all = { 'accept-encoding': 'identity', 'user-agent': 'lockstep', ...headers };
  return [...Object.entries(all), ...also].flat();
}

function destination(url: string): { origin: string; path: string } {
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
