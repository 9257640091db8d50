import type { IncomingMessage, ServerResponse } from 'node:http';
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
      if (row === null) return;
      void adapter.create({ model: 'session', data: row, forceAllowId: true });
      setTimeout(() => void adapter.delete({ model: 'session', where }), lag).unref();
    });
    await healthy(request, response);
  };
}
