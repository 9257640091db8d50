import { createServer, type Server } from 'node:net';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';

/** A listening socket on loopback, and its port. It is held from here on, so nobody can take the port in between. */
export interface Held {
  readonly server: Server;
  readonly port: number;
}

/** Takes a port for `owner`: the one that was asked for, or any that is free. */
export function holdPort(owner: string, asked: number | undefined, host = '127.0.0.1'): Promise<Held> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => reject(portTrouble(owner, asked, error)));
    server.listen({ port: asked ?? 0, host }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      resolve({ server, port });
    });
  });
}

function portTrouble(owner: string, port: number | undefined, error: NodeJS.ErrnoException): LockstepError {
  const taken = error.code === 'EADDRINUSE';
  const what = taken ? 'is taken' : `cannot be used (${error.code ?? 'unknown'})`;
  return new LockstepError(
    taken ? 'port-taken' : 'port-unusable',
    `port ${port ?? 'of any number'} for the ${owner} ${what}`,
    {
      exit: Exit.unfinished,
      hint: 'ask for another one, or for none: a free one is then chosen',
    },
  );
}
