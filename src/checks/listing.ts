import type { Caller, CallOptions } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import { header, items, pointer, reveals } from '../core/reply.js';
import type { Secret } from '../core/secret.js';
import type { Resource } from '../core/target.js';

const mostPages = 10;
const cursors = [
  'next',
  'nextCursor',
  'next_cursor',
  'cursor',
  'after',
  'endCursor',
  'nextPageToken',
  'next_page_token',
];

/** The pages of a list from its first one on: by the links and cursors it gives, else by the usual page and offset. */
export async function pages(
  api: Caller,
  collection: string,
  bearer: Secret,
  options: CallOptions = {},
): Promise<Reply[]> {
  const first = await api.get(collection, { ...options, bearer });
  const found = [first];
  for (let page = first; found.length < mostPages; ) {
    const query = nextQuery(page, found.length, items(first.json).length);
    if (query === null) break;
    const next = await api.get(asking(collection, query), { ...options, bearer });
    // a list that ignores the question answers the same again
    if (next.status !== 200 || found.some(({ text }) => text === next.text) || items(next.json).length === 0) break;
    found.push(next);
    page = next;
  }
  return found;
}

/** What usually asks for as much of a list as there is. */
export const fullestPage = 'limit=1000';

/** A path with a query, or with more of it. */
export function asking(path: string, query: string): string {
  return query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** The query of the next page, without its address: what a server names is never a place to go to. */
function nextQuery(page: Reply, number: number, size: number): string | null {
  const link = /<([^>]*)>\s*;[^,]*rel="?next"?/.exec(header(page, 'link') ?? '')?.[1];
  const said = [
    link,
    ...cursors.flatMap((name) =>
      [`/${name}`, `/meta/${name}`, `/pagination/${name}`, `/links/${name}`].map((at) => pointer(page.json, at)),
    ),
  ];
  for (const value of said) {
    if (typeof value !== 'string' || value === '') continue;
    if (value.includes('?')) return value.slice(value.indexOf('?') + 1);
    return `cursor=${encodeURIComponent(value)}&after=${encodeURIComponent(value)}`;
  }
  return size === 0 ? null : `page=${number + 1}&offset=${number * size}&skip=${number * size}`;
}

/** An object as a list can give it away. */
interface Sought {
  readonly canary: string;
  readonly id: string;
  readonly resource: Resource;
}

/**
 * True when a list holds the canary or the id, also inside a base64 cursor. An id that is a common word or number counts
 * only where a listed item carries it as its id.
 */
export function lists(list: Reply, { canary, id, resource }: Sought): boolean {
  const decoded = base64In(list.text).map((text) => Buffer.from(text, 'base64').toString('latin1'));
  const anywhere = (text: string) => reveals(list, text) || decoded.some((each) => each.includes(text));
  if (anywhere(canary) || (id.length >= 16 && anywhere(id))) return true;
  return items(list.json).some((item) => idOf(resource, item) === id);
}

/** What may be base64, of either alphabet. By hand: over a megabyte of it a pattern takes as many megabytes again. */
function base64In(text: string): string[] {
  const found: string[] = [];
  let begin = 0;
  for (let i = 0; i <= text.length; i++) {
    if (inBase64[text.charCodeAt(i)] === true) continue;
    if (i - begin >= 16) found.push(text.slice(begin, i));
    begin = i + 1;
  }
  return found;
}

const inBase64 = Array.from({ length: 128 }, (_, code) => /[\w+/-]/.test(String.fromCharCode(code)));

/** Where an API that wraps its objects has the id of one. */
const envelopes = ['/id', '/data/id', '/item/id', '/result/id', '/_id'];

/** The id that an object carries: where the resource says, and at `/id` in an envelope too; null for none. */
export function idOf({ id, name }: Pick<Resource, 'id' | 'name'>, object: unknown): string | null {
  const places = id === '/id' ? [...envelopes, `/${name}/id`, `/${name.replace(/s$/, '')}/id`] : [id];
  const found = places.map((place) => pointer(object, place));
  const value = found.find((each) => typeof each === 'string' || typeof each === 'number');
  return value === undefined ? null : String(value);
}

const totals = ['/total', '/count', '/totalCount', '/total_count', '/meta/total', '/pagination/total'];

/** The number of matches that a list says there are, where it says so. */
export function total(list: Reply): number | null {
  const said = [header(list, 'x-total-count'), ...totals.map((place) => pointer(list.json, place))];
  const found = said.find((value) => value !== null && value !== undefined && Number.isInteger(Number(value)));
  return found === undefined ? null : Number(found);
}
