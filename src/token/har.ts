import { Secret } from '../core/secret.js';

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

/** Every bearer token and session cookie in a HAR 1.2 file; null where the text is no HAR. */
export function credentialsInHar(text: string): Sent[] | null {
  const entries = at(at(parsed(text), 'log'), 'entries');
  if (!Array.isArray(entries)) return null;
  const found = entries.flatMap((entry) => {
    const request = at(entry, 'request');
    const status = at(at(entry, 'response'), 'status');
    const list = at(request, 'headers');
    const what = `${String(at(request, 'method'))} ${pathOf(String(at(request, 'url')))}`;
    return (Array.isArray(list) ? list : []).flatMap((header) => {
      const sent = sentIn(String(at(header, 'name')).toLowerCase(), String(at(header, 'value')));
      return sent.map(({ value, bearer }) => ({
        source: `${bearer ? 'Authorization' : 'Cookie'} of ${what}`,
        value: new Secret(value),
        status: typeof status === 'number' ? status : 0,
        bearer,
      }));
    });
  });
  return found.slice(0, most);
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
