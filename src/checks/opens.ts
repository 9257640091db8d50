import type { Probe } from '../core/probe.js';
import { header, pointer } from '../core/reply.js';
import { personIn } from './sign-in.js';

/** What a `Cookie` header opens at the auth server. */
export interface Opened {
  /** a person or a token that was given; null for nothing, whatever the status */
  readonly found: { readonly url: string; readonly what: string } | null;
  readonly crashes: readonly { readonly url: string; readonly status: number }[];
}

/** Asks for the session and for a token with these headers, cookies as they stand: nothing of a jar goes along. */
export async function opens({ auth, target }: Probe, cookie: string): Promise<Opened> {
  const headers = { cookie };
  const replies = await Promise.all([
    auth.get('/get-session', { headers }),
    auth.get(target.tokenRoute.value, { headers }),
  ]);
  const [session, token] = replies;
  const given = [pointer(token.json, '/token'), header(session, 'set-auth-jwt'), header(token, 'set-auth-jwt')];
  const mints = given.some((text) => typeof text === 'string' && text !== '');
  const crashes = replies.filter(({ status }) => status >= 500).map(({ url, status }) => ({ url, status }));
  if (personIn(session) !== null) return { found: { url: session.url, what: 'the user' }, crashes };
  return { found: mints ? { url: token.url, what: 'a token' } : null, crashes };
}
