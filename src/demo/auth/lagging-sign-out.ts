import type { IncomingMessage, ServerResponse } from 'node:http';
import { complain } from '../child.js';
import type { Auth } from './better-auth.js';
import { sessionCookieOf } from './session-cookie.js';

const lag = 10_000;

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A sign-out of which a replica of the session store hears ten seconds later. */
export function laggingSignOut(auth: Auth, healthy: Handler): Handler {
  return async (request, response) => {
    const { adapter } = await auth.$context;
    const where = [{ field: 'token', value: sessionCookieOf(request)?.token ?? '' }];
    const row = await adapter.findOne<Record<string, unknown>>({ model: 'session', where });
    response.once('close', () => {
      if (row === null || response.statusCode !== 200) return;
      adapter.create({ model: 'session', data: row, forceAllowId: true }).catch(complain);
      setTimeout(() => adapter.delete({ model: 'session', where }).catch(complain), lag).unref();
    });
    await healthy(request, response);
  };
}
