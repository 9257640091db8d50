import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { fault } from '../planted.js';

/** Headers that belong to one connection and not to the message (RFC 9110 7.6.1). */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

interface Public {
  readonly origin: string;
  readonly tls: boolean;
}

/** The headers for the server behind: the client's, and who the client is, as Traefik and nginx say it. */
export function forwarded(request: IncomingMessage, { origin, tls }: Public, upgrade: boolean): OutgoingHttpHeaders {
  const headers: IncomingHttpHeaders = { ...request.headers };
  for (const name of hopByHop) delete headers[name];
  const client = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  const before = headers['x-forwarded-for'];
  headers['x-forwarded-for'] = before === undefined ? client : `${before}, ${client}`;
  if (fault('F029') && before !== undefined) headers['x-forwarded-for'] = before;
  if (fault('F008') && headers.origin !== undefined) headers.origin = origin;
  headers['x-forwarded-host'] = request.headers.host ?? '';
  // Traefik names the scheme of the socket, not that of the page
  headers['x-forwarded-proto'] = `${upgrade ? 'ws' : 'http'}${tls ? 's' : ''}`;
  if (!upgrade || fault('F221')) return headers;
  return { ...headers, connection: 'Upgrade', upgrade: 'websocket' };
}

/** The headers for the client: those of the answer that are not about the connection behind. */
export function returned(answer: IncomingMessage): Record<string, string | string[]> {
  const headers = Object.entries(answer.headers).filter(([name]) => !hopByHop.includes(name));
  return { ...(Object.fromEntries(headers) as Record<string, string | string[]>), server: 'edge' };
}
