import { request } from 'node:http';
import type { LookupFunction, Socket } from 'node:net';
import type { Place } from './dial.js';

export type Env = Readonly<Record<string, string | undefined>>;

class ProxyRefused extends Error {
  readonly code = 'LOCKSTEP_PROXY';
}

/** The proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name for a place; null for none. Asked only with --use-proxy. */
export function proxyFor(env: Env, { secure, host, port }: Place): URL | null {
  const said = (name: string) => env[name.toLowerCase()] || env[name] || '';
  const exempt = said('NO_PROXY')
    .split(/[\s,]+/)
    .some((entry) => entry === '*' || (entry !== '' && covers(entry.toLowerCase(), host.toLowerCase(), port)));
  if (exempt) return null;
  const url = (secure ? said('HTTPS_PROXY') : '') || said('HTTP_PROXY') || (secure ? '' : said('ALL_PROXY'));
  const whole = /^\w+:\/\//.test(url) ? url : `http://${url}`;
  return url === '' || !URL.canParse(whole) ? null : new URL(whole);
}

/** `example.com`, `.example.com`, `*.example.com`, each with or without `:port`. */
function covers(entry: string, host: string, port: number): boolean {
  const [, name = entry, only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (only !== undefined && Number(only) !== port) return false;
  const suffix = name.replace(/^\*?\./, '');
  return host === suffix || host.endsWith(`.${suffix}`);
}

/** A way through a proxy by CONNECT (RFC 9110 9.3.6): nothing of what is said inside is the proxy's. */
export function tunnel(
  proxy: URL,
  { host, port }: Place,
  lookup: LookupFunction,
  signal: AbortSignal,
): Promise<Socket> {
  const to = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const who = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return new Promise((resolve, reject) => {
    const asked = request({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || 80,
      path: to,
      headers: {
        host: to,
        ...(proxy.username === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(who).toString('base64')}` }),
      },
      lookup,
      agent: false,
      signal,
    });
    asked.once('connect', ({ statusCode }, socket: Socket, head: Buffer) => {
      if (statusCode !== 200) {
        socket.destroy();
        reject(new ProxyRefused());
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asked.once('response', (response) => {
      response.destroy();
      reject(new ProxyRefused());
    });
    asked.once('error', reject);
    asked.end();
  });
}
