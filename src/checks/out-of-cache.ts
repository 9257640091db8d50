import type { Reply } from '../core/reply.js';
import { header } from '../core/reply.js';

const telling = ['age', 'x-cache', 'cf-cache-status', 'x-cache-status', 'x-proxy-cache'];

/**
 * What a cache writes on an answer that it gives out again (RFC 9111 5.1, and usage); null for one that is fresh: through
 * a cache that has Age 0, or a MISS.
 */
export function outOfCache(reply: Pick<Reply, 'headers'>): { readonly header: string; readonly value: string } | null {
  const written = telling.map((name) => ({ header: name, value: header(reply, name) ?? '' }));
  const hit = ({ header: name, value }: (typeof written)[number]) =>
    name === 'age' ? Number(value) > 0 : /\bhit\b/i.test(value);
  return written.find(hit) ?? null;
}
