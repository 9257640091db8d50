import type { IncomingMessage, ServerResponse } from 'node:http';
import { pathOf } from '../http.js';
import { fault } from '../planted.js';

interface Kept {
  readonly until: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

export type Cache = ReturnType<typeof makeCache>;

/** A cache in front of everything, as a CDN has one. The healthy one keeps nothing of what is somebody's own. */
export function makeCache(basePath: string) {
  const kept = new Map<string, Kept>();
  return {
    /** under which name the answer to a request is kept, and how many milliseconds; null for not at all */
    rule(request: IncomingMessage): { readonly key: string; readonly ms: number } | null {
      const path = pathOf(request);
      if (request.method !== 'GET') return null;
      const signedIn = request.headers.cookie !== undefined;
      if (fault('F026') && signedIn && path === `${basePath}/get-session`) return { key: path, ms: 60_000 };
      if (fault('F096') && path === `${basePath}/token`)
        return { key: `${path} ${request.headers.cookie ?? ''}`, ms: 3_600_000 };
      if (fault('F174') && path === '/api/me') return { key: request.url ?? '', ms: 60_000 };
      return null;
    },

    /** answers from what is kept; false where nothing is */
    serve(key: string, response: ServerResponse): boolean {
      const hit = kept.get(key);
      if (hit === undefined || hit.until < Date.now()) return false;
      response.writeHead(200, { ...hit.headers, age: '1', 'x-cache': 'HIT' }).end(hit.body);
      return true;
    },

    keep(key: string, ms: number, headers: Kept['headers'], body: Buffer): void {
      kept.set(key, { until: Date.now() + ms, headers, body });
    },
  };
}
