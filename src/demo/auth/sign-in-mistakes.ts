import { APIError, type BetterAuthOptions, type GenericEndpointContext } from 'better-auth';
import { createAuthMiddleware } from 'better-auth/api';
import { fault } from '../planted.js';

/** Tells whoever asks that nobody has this address. */
export const tellsWhoExists = createAuthMiddleware(async ({ path, body, context }) => {
  if (path !== '/sign-in/email') return;
  const known = await context.internalAdapter.findUserByEmail(String(body?.email));
  if (known === null) throw new APIError('NOT_FOUND', { code: 'USER_NOT_FOUND', message: 'User not found' });
});

type SessionHook = NonNullable<NonNullable<NonNullable<BetterAuthOptions['databaseHooks']>['session']>['create']>;

/** Gives a new session the token that the browser has already, be it anybody's. */
export const adoptPresented: SessionHook = {
  async before(session, endpoint: GenericEndpointContext | null) {
    const cookie = endpoint?.headers?.get('cookie') ?? '';
    const presented = /session_token=([^;]*)/.exec(cookie)?.[1];
    const token = presented === undefined ? '' : (decodeURIComponent(presented).split('.')[0] ?? '');
    const taken = token === '' || (await endpoint?.context.internalAdapter.findSession(token)) !== null;
    return fault('F024') && !taken ? { data: { ...session, token } } : undefined;
  },
};
