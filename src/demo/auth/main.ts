import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import nextEnv from '@next/env';
import { toNodeHandler } from 'better-auth/node';
import { live } from '../child.js';
import { listen, pathOf, required, sendJson, serve } from '../http.js';
import { fault } from '../planted.js';
import { leaveEncryptedKey, leaveKeyOfFormerSecret, makeAuth } from './better-auth.js';
import { laggingSignOut } from './lagging-sign-out.js';
import { changeAnswer, readCookiesCarelessly } from './lax-cookies.js';
import { leakyKeys } from './leaky-keys.js';
import { pageRoute } from './page.js';
import { endlessSessions, tokenRoute, worthlessRefresh } from './token.js';

/** The frontend of the demo: the real Better Auth on node:http, and a page. Reads its env file as Next.js does. */
await live(async (plan, listening) => {
  const { folder, trust, socketAuth, basePath } = plan;
  nextEnv.loadEnvConfig(join(folder, 'frontend'), true, {
    info() {},
    error: (text) => process.stderr.write(`${text}\n`),
  });
  const env = process.env;
  // two replicas that were deployed a day apart
  if (fault('F198') && plan.replica > 0) env.BETTER_AUTH_SECRET = `next-${env.BETTER_AUTH_SECRET}`;
  const url = required(env, 'BETTER_AUTH_URL');

  if (fault('F033') || fault('F210')) await leaveKeyOfFormerSecret(env, plan);
  if (fault('F212')) await leaveEncryptedKey(env, plan);
  const auth = makeAuth(env, plan);
  // the one that it found, whatever the name
  const secret = trust === 'shared-secret' ? (await auth.$context).secret : null;
  // the first look makes the key; several first looks at once would make several
  await auth.api.getJwks();

  const betterAuth = toNodeHandler(auth);
  const healthy = secret === null ? betterAuth : tokenRoute(auth, secret, url);
  let token = healthy;
  if (fault('F035')) token = endlessSessions(auth, secret, url, healthy);
  if (fault('F086') || fault('F087')) token = worthlessRefresh(auth, secret, url, healthy);
  const page = pageRoute({ api: required(env, 'NEXT_PUBLIC_API_URL'), basePath, socketAuth });

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const path = pathOf(request);
    if (fault('F014') || fault('F015')) readCookiesCarelessly(request, required(env, 'BETTER_AUTH_SECRET'));
    if (fault('F012') || fault('F020') || fault('F030')) changeAnswer(path, response);
    if (path === '/health') return sendJson(response, 200, { status: 'ok' });
    if (path === '/') return page(request, response);
    if (path === `${basePath}/token` && request.method === 'GET') return token(request, response);
    if ((fault('F045') || fault('F047')) && path === `${basePath}/jwks`)
      return sendJson(response, 200, await leakyKeys(auth));
    if (fault('F002') && path === `${basePath}/get-session`) return sendJson(response, 200, demoSession());
    if (fault('F021') && path === `${basePath}/sign-out`) return laggingSignOut(auth, betterAuth)(request, response);
    if (path.startsWith(`${basePath}/`)) return betterAuth(request, response);
    sendJson(response, 404, { error: 'not_found' });
  };
  listen(createServer(serve(handle)), listening);
  return {};
});

/** Somebody who is always signed in, as left over from a trade fair. */
function demoSession() {
  const createdAt = new Date(0).toISOString();
  const user = {
    id: 'demo',
    name: 'Demo',
    email: 'demo@example.invalid',
    emailVerified: true,
    createdAt,
    updatedAt: createdAt,
  };
  return {
    session: { id: 'demo', userId: 'demo', token: 'demo', expiresAt: '2999-01-01T00:00:00.000Z', createdAt },
    user,
  };
}
