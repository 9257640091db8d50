import { Secret } from '../core/secret.js';
import { entriesOf } from './har-entries.js';

/** A token or cookie that went over the wire in a recorded exchange. */
export interface Sent {
  /** in words: `Authorization of GET /api/me` */
  readonly source: string;
  readonly value: Secret;
  /** of the answer */
  readonly status: number;
  /** true where it was a bearer token */
  readonly bearer: boolean;
}

const most = 200;

/** Every bearer token and session cookie in a HAR 1.2 file, as its text comes; null where it is no HAR. */
export async function credentialsInHar(pieces: AsyncIterable<string>): Promise<Sent[] | null> {
  const found: Sent[] = [];
  try {
    for await (const entry of entriesOf(pieces)) {
      found.push(...sentWith(entry).slice(0, most - found.length));
      if (found.length === most) break;
    }
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  return found;
}

function sentWith(entry: unknown): Sent[] {
  const request = at(entry, 'request');
  const status = at(at(entry, 'response'), 'status');
  const list = at(request, 'headers');
  const what = `${textAt(request, 'method')} ${pathOf(textAt(request, 'url'))}`;
  return (Array.isArray(list) ? list : []).flatMap((header) => {
    const sent = sentIn(textAt(header, 'name').toLowerCase(), textAt(header, 'value'));
    return sent.map(({ value, bearer }) => ({
      source: `${bearer ? 'Authorization' : 'Cookie'} of ${what}`,
      value: new Secret(value),
      status: typeof status === 'number' ? status : 0,
      bearer,
    }));
  });
}

function sentIn(name: string, value: string): { value: string; bearer: boolean }[] {
  if (name === 'authorization') {
    const [, token] = /^bearer\s+(.*)$/is.exec(value) ?? [];
    return token === undefined ? [] : [{ value: token.trim(), bearer: true }];
  }
  if (name !== 'cookie') return [];
  const [, cookie] = /(?:^|;\s*)[\w.-]*session_token=([^;]+)/.exec(value) ?? [];
  return cookie === undefined ? [] : [{ value: cookie, bearer: false }];
}

function pathOf(url: string): string {
  try {
    return new URL(url).pathname;
  } catch {
    return 'an address that is none';
  }
}

function textAt(value: unknown, name: string): string {
  const text = at(value, name);
  return typeof text === 'string' ? text : 'undefined';
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
