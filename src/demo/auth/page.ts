import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SocketAuthMode } from '../protocol.js';
import page from './page.html';

/** What the page must know to find the API and to introduce itself to the socket. */
interface PageSettings {
  readonly api: string;
  /** where Better Auth's routes begin */
  readonly basePath: string;
  readonly socketAuth: SocketAuthMode;
}

/** Serves the page: one file, its own scripts only, connections to the two servers only. */
export function pageRoute(settings: PageSettings) {
  const socket = settings.api.replace(/^http/, 'ws');
  const text = page.replace('"{{settings}}"', JSON.stringify({ ...settings, socket: `${socket}/api/ws` }));
  return async (_request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const nonce = randomBytes(16).toString('base64');
    const policy = [
      "default-src 'none'",
      `style-src 'nonce-${nonce}'`,
      `script-src 'nonce-${nonce}'`,
      `connect-src 'self' ${settings.api} ${socket}`,
      "base-uri 'none'",
      'img-src data:',
      "form-action 'none'",
      "frame-ancestors 'none'",
    ];
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy.join('; '),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    response.end(text.replaceAll('{{nonce}}', nonce));
  };
}
