/** An answer over HTTP, whatever it says: read whole, bounded, decoded. */
export interface Reply {
  readonly method: string;
  /** the URL that was asked, without credentials */
  readonly url: string;
  readonly status: number;
  /** lower-case names, in the order of arrival, repeated names repeated */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** the body as UTF-8 text; empty when there is none */
  readonly text: string;
  /** the body as JSON, or undefined when it is not JSON */
  readonly json: unknown;
  /** milliseconds from sending to the last byte */
  readonly ms: number;
}

/** An answer without its body, for whoever holds many and looks at no text: bodies may be large. */
export type Head = Pick<Reply, 'method' | 'url' | 'status' | 'headers'>;

export function headOf({ method, url, status, headers }: Reply): Head {
  return { method, url, status, headers };
}

/** The first value of a header (name in lower case), or null. */
export function header(reply: Pick<Reply, 'headers'>, name: string): string | null {
  return reply.headers.find(([key]) => key === name)?.[1] ?? null;
}

/** All values of a header (name in lower case), in order: `Set-Cookie` must never be split at commas. */
export function headers(reply: Pick<Reply, 'headers'>, name: string): string[] {
  return reply.headers.filter(([key]) => key === name).map(([, value]) => value);
}

/**
 * RFC 6901 JSON Pointer into an untrusted document; undefined where it leads nowhere.
 * Own properties only: `/constructor` finds nothing that the server did not send.
 */
export function pointer(document: unknown, path: string): unknown {
  if (path === '') return document;
  let value = document;
  for (const raw of path.split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** True when a text stands anywhere in the answer: body, plain or JSON-escaped, or headers. */
export function reveals(reply: Reply, text: string): boolean {
  const escaped = JSON.stringify(text).slice(1, -1);
  return (
    reply.text.includes(text) || reply.text.includes(escaped) || reply.headers.some(([, value]) => value.includes(text))
  );
}

/** As `reveals`, for what somebody is called: what is short, a number say, counts only where it stands by itself. */
export function mentions(reply: Reply, name: string): boolean {
  if (name.length >= 8) return reveals(reply, name);
  const alone = new RegExp(`(?<![\\w.@-])${name.replaceAll(/[^\w]/g, '\\$&')}(?![\\w.@-])`);
  return alone.test(reply.text) || reply.headers.some(([, value]) => alone.test(value));
}

const deepest = 4;

/** The elements of every array in an untrusted document, at most four levels down. */
export function items(document: unknown, depth = 0): unknown[] {
  if (typeof document !== 'object' || document === null || depth > deepest) return [];
  const inner = Object.values(document).flatMap((value) => items(value, depth + 1));
  return Array.isArray(document) ? [...document, ...inner] : inner;
}
