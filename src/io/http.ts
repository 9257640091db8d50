import type { Dispatcher } from 'undici';
// the parts that are used, by their files: the whole package costs three times as much to load
import { request as ask } from 'undici/lib/api/index.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import type { Step } from '../core/errors.js';
import type { Reply } from '../core/reply.js';
import type { Http, HttpRequest } from '../world.js';
import { decoded } from './decode.js';
import type { HttpLimits } from './http-limits.js';
import { defaultLimits } from './http-limits.js';
import { unreachable } from './unreachable.js';

/** HTTP/1.1 by undici: one pool an origin, no redirects, no cookies, no proxy, every limit finite. */
export function createHttp(monotonic: () => number, options: Partial<HttpLimits> = {}): Http {
  const bounds = { ...defaultLimits, ...options };
  const open = (): Dispatcher =>
    new Agent({
      connect: { timeout: bounds.connectMs },
      headersTimeout: bounds.headersMs,
      bodyTimeout: bounds.bodyMs,
      maxHeaderSize: bounds.headerBytes,
      connections: 16,
      pipelining: 1,
    });
  const agent = open();
  return {
    async send(request) {
      const began = monotonic();
      let step: Step = 'connect';
      const dispatcher = request.fresh === true ? open() : agent;
      try {
        const answer = await ask.call(dispatcher, {
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
      } finally {
        if (dispatcher !== agent) void dispatcher.destroy();
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
