import type { IncomingMessage, ServerResponse } from 'node:http';
import { fault } from '../planted.js';
import { sealOf, sessionCookieOf } from './session-cookie.js';

/** Better Auth behind somebody who reads cookies for it, and does so carelessly. */
export function readCookiesCarelessly(request: IncomingMessage, secret: string): void {
  const cookie = sessionCookieOf(request);
  if (cookie === null) return;
  const seal = sealOf(cookie.token, secret);
  const start = (mac: string) => Buffer.from(mac, 'base64').subarray(0, 8).toString('hex');
  if ((fault('F014') && start(cookie.mac) === start(seal)) || (fault('F015') && cookie.mac === ''))
    request.headers.cookie = `${cookie.name}=${encodeURIComponent(`${cookie.token}.${seal}`)}`;
}

/** Better Auth behind somebody who changes what it answers. */
export function changeAnswer(path: string, response: ServerResponse): void {
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) =>
    setHeader(
      name,
      name.toLowerCase() === 'set-cookie' ? [value].flat().flatMap((line) => cookies(path, String(line))) : value,
    );
  const writeHead = response.writeHead.bind(response) as (status: number, ...more: unknown[]) => ServerResponse;
  response.writeHead = ((status: number, ...more: unknown[]) =>
    writeHead(fault('F030') && status === 429 ? 401 : status, ...more)) as typeof response.writeHead;
}

function cookies(path: string, line: string): string[] {
  const session = line.includes('session_token=');
  if (fault('F012') && session && path.endsWith('/sign-in/email')) return [line, `${line}; Domain=.example.test`];
  if (fault('F020') && session && path.endsWith('/sign-out')) return [line.replace('Path=/', 'Path=/app')];
  return [line];
}
