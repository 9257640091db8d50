import packageJson from '../../package.json' with { type: 'json' };
import { visible } from '../core/finding.js';

interface Pair {
  readonly name: string;
  readonly value: string;
}

/** An exchange as it was recorded. */
interface Exchange {
  readonly began: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body?: string;
  };
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
  readonly cut: boolean;
  readonly error: string;
  readonly ms: number;
  readonly messages?: readonly { readonly type: 'send' | 'receive'; readonly time: number; readonly data: string }[];
}

/** of a body */
const longest = 16_384;
/** a secret that the end of what was kept has cut in two lies within its last so many characters */
const longestSecret = 8_192;

/**
 * As HAR 1.2. Values of headers that carry credentials are left out whatever they are; `clean` takes out what else is
 * known to be secret, before anything is cut, so that no half of it stays.
 */
export function renderHar(exchanges: readonly Exchange[], clean: (text: string) => string): string {
  const redacted = (text: string) => clean(text).replaceAll(jwt, '[redacted]');
  const body = (text: string, cut: boolean) => {
    const whole = redacted(text).replaceAll(secretField, '$1"[redacted]"');
    const shown = whole.slice(0, cut ? Math.max(0, Math.min(longest, whole.length - longestSecret)) : longest);
    return shown.length < whole.length || cut ? { text: shown, comment: 'cut' } : { text: shown };
  };
  const headers = (all: readonly (readonly [string, string])[]) =>
    all.map(([name, value]) => header(name, value, redacted));
  const entries = exchanges.map(({ began, request, status, headers: came, text, cut, error, ms, messages }) => {
    const url = withoutQueryValues(redacted(request.url));
    const type = (of: readonly (readonly [string, string])[]) =>
      of.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
    return {
      startedDateTime: new Date(began).toISOString(),
      time: ms,
      request: {
        method: request.method,
        url,
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: headers(request.headers),
        queryString: queryOf(url),
        headersSize: -1,
        bodySize: request.body === undefined ? 0 : Buffer.byteLength(request.body),
        ...(request.body === undefined
          ? {}
          : { postData: { mimeType: type(request.headers), params: [], ...body(request.body, false) } }),
      },
      response: {
        status,
        statusText: '',
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: headers(came),
        content: { size: Buffer.byteLength(text), mimeType: type(came), ...body(text, cut) },
        redirectURL: redacted(came.find(([name]) => name === 'location')?.[1] ?? ''),
        headersSize: -1,
        bodySize: -1,
        ...(error === '' ? {} : { _error: redacted(error) }),
      },
      cache: {},
      timings: { send: 0, wait: ms, receive: 0 },
      ...(messages === undefined
        ? {}
        : {
            _resourceType: 'websocket',
            _webSocketMessages: messages.map(({ type, time, data }) => ({
              type,
              time: time / 1000,
              opcode: 1,
              data: body(data, false).text,
            })),
          }),
    };
  });
  const { name, version } = packageJson;
  return `${JSON.stringify({ log: { version: '1.2', creator: { name, version }, pages: [], entries } }, null, 2)}\n`;
}

/** a token that nobody has told us of: `{"` in base64url, and a second part */
const jwt = /eyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?/g;
/** a field of JSON that says by its name that it is secret */
const secretField = /("[^"\\]{0,64}(?:token|password|secret)[^"\\]{0,64}"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;
const credentials = /^(authorization|proxy-authorization|cookie|sec-websocket-protocol)$|key|token|secret|password/i;

function header(name: string, value: string, redacted: (text: string) => string): Pair {
  if (/^set-cookie$/i.test(name)) return { name, value: value.replace(/^([^=;]*)=[^;]*/, '$1=[redacted]') };
  return { name, value: credentials.test(name) ? '[redacted]' : visible(redacted(value)) };
}

/** A query may carry a token that nobody has told us of. */
function withoutQueryValues(url: string): string {
  const at = url.indexOf('?');
  if (at === -1) return url;
  const said = url.slice(at + 1).split('&');
  const told = said.map((pair) =>
    credentials.test(pair.split('=')[0] ?? '') ? `${pair.split('=')[0]}=[redacted]` : pair,
  );
  return `${url.slice(0, at)}?${told.join('&')}`;
}

function queryOf(url: string): Pair[] {
  const at = url.indexOf('?');
  return at === -1 ? [] : [...new URLSearchParams(url.slice(at + 1))].map(([name, value]) => ({ name, value }));
}
