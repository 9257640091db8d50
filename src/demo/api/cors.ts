import type { IncomingMessage, ServerResponse } from 'node:http';
import { fault } from '../planted.js';

/**
 * Cross-origin rules (Fetch standard, section 3.3): the listed origins, exactly, with credentials; nobody else gets a
 * word. Resolves to whether the request was a preflight and is answered.
 */
export function makeCors(origins: readonly string[]) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { origin } = request.headers;
    response.setHeader('vary', 'Origin');
    const listed = origin !== undefined && origins.includes(origin);
    if (listed || (origin !== undefined && (fault('F182') || (fault('F183') && origin === 'null')))) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-allow-credentials', 'true');
      response.setHeader('access-control-expose-headers', 'WWW-Authenticate');
    }
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false;
    response.setHeader('access-control-allow-methods', 'GET, POST, PATCH, DELETE');
    response.setHeader('access-control-allow-headers', 'Authorization, Content-Type, Last-Event-ID');
    response.setHeader('access-control-max-age', '600');
    response.writeHead(204).end();
    return true;
  };
}
