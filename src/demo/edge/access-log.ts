import { createWriteStream, mkdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pathOf } from '../http.js';
import { fault } from '../planted.js';

/** Opens `edge/access.log`, one line a request, in the folder of the demo. Queries stay out of it: they carry tokens. */
export function openAccessLog(folder: string): (request: IncomingMessage, status: number) => void {
  mkdirSync(join(folder, 'edge'), { mode: 0o700, recursive: true });
  const log = createWriteStream(join(folder, 'edge', 'access.log'), { mode: 0o600, flags: 'a' });
  // the folder goes when the demo ends
  log.on('error', () => {});
  return (request, status) => {
    const client = request.socket.remoteAddress ?? '-';
    const target = fault('F132') ? request.url : pathOf(request);
    log.write(`${client} - - [${new Date().toISOString()}] "${request.method} ${target}" ${status}\n`);
  };
}
