import type { IncomingMessage } from 'node:http';
import type { Step } from '../core/errors.js';
import type { Reply } from '../core/reply.js';
import type { Http } from '../world.js';
import { chunks } from './chunks.js';
import { Connections } from './connections.js';
import { decoded } from './decode.js';
import type { Dial } from './dial.js';
import { placeOf } from './dial.js';
import { exchange } from './exchange.js';
import { excess, parsed } from './json.js';
import type { LargeAnswers } from './large.js';
import type { Limits } from './limits.js';
import { usualBytes } from './limits.js';
import { once } from './once.js';
import { unreachable } from './unreachable.js';

/** HTTP/1.1: connections to an origin are shared; a stream, and what is to be `fresh`, have one of their own. */
export function createHttp(monotonic: () => number, dial: Dial, bounds: Limits): Http {
  const origins = new Map<string, Connections>();
  const lone = new Set<Connections>();
  let answers: LargeAnswers | undefined;
  const large = once(async () => {
    answers = new (await import('./large.js')).LargeAnswers();
    return answers;
  });
  const shared = async (url: string) => {
    // each URL is judged, also where there are connections to its origin
    const place = placeOf(url);
    const { origin } = new URL(url);
    const through = origins.get(origin) ?? new Connections(place, dial);
    origins.set(origin, through);
    await through.turn();
    return { through, end: () => through.over() };
  };
  /** for a connection that nothing else uses, and what ends it */
  const apart = (url: string) => {
    const through = new Connections(placeOf(url), dial, true);
    lone.add(through);
    const end = () => {
      lone.delete(through);
      through.destroy();
    };
    return { through, end };
  };
  return {
    async send(request) {
      const { method, url, fresh } = request;
      const began = monotonic();
      let step: Step = 'connect';
      let end = () => {};
      try {
        const { through, ...own } = fresh === true ? apart(url) : await shared(url);
        end = own.end;
        const { message, rest, over } = await exchange(request, through, bounds);
        step = 'body';
        const headers = pairs(message.rawHeaders);
        const turn = async (read: () => Promise<void>) => {
          const resume = rest();
          await (await large()).turn(() => {
            resume();
            return read();
          });
        };
        const { text, bytes } = await decoded(message, headers, bounds.bodyBytes, turn).finally(over);
        const ms = Math.round(monotonic() - began);
        const status = statusOf(message);
        if (bytes > usualBytes || excess(text) !== null)
          return (await large()).lent({ method, url, status, headers, ms }, text, bytes);
        return { method, url, status, headers, text, json: parsed(text), ms };
      } catch (error) {
        throw unreachable(url, step, error, bounds);
      } finally {
        end();
      }
    },
    async open(request) {
      const { url } = request;
      let step: Step = 'connect';
      let close = () => {};
      try {
        // a stream may last, and must not take a place from the requests beside it
        const { through, end } = apart(url);
        close = end;
        const { message, enough, over } = await exchange(request, through, bounds);
        enough();
        close = () => {
          over();
          end();
        };
        step = 'body';
        const at = monotonic();
        const body = async function* () {
          try {
            yield* chunks(message, { monotonic, since: at, most: bounds.streamBytes });
          } catch (error) {
            throw unreachable(url, 'body', error, bounds);
          } finally {
            close();
          }
        };
        return { url, status: statusOf(message), headers: pairs(message.rawHeaders), at, body: body(), close };
      } catch (error) {
        close();
        throw unreachable(url, step, error, bounds);
      }
    },
    laden: () => answers?.laden === true,
    async close() {
      dial.close();
      for (const each of [...origins.values(), ...lone]) each.destroy();
    },
  };
}

function statusOf({ statusCode = 0 }: IncomingMessage): number {
  return statusCode;
}

function pairs(raw: readonly string[]): Reply['headers'] {
  const found: (readonly [string, string])[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) found.push([raw[i]?.toLowerCase() ?? '', raw[i + 1] ?? '']);
  return found;
}
