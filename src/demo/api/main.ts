import { createReadStream, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { live } from '../child.js';
import { clock } from '../clock.js';
import { connect } from '../connect.js';
import { listen, pathOf, required, sendJson, serve } from '../http.js';
import { fault, twin } from '../planted.js';
import type { Tables } from '../tables.js';
import { chatRoutes } from './chat.js';
import { chatkitRoute } from './chatkit.js';
import { makeCors } from './cors.js';
import { noteRoutes } from './notes.js';
import { makeRouter, type Route } from './router.js';
import { withSessionTokens } from './second-doors.js';
import { watchSessions } from './session-watch.js';
import { acceptSockets } from './socket.js';
import { taskRoutes } from './tasks.js';
import { authUrlOf, makeVerify } from './token.js';

const meRoute: Route = {
  method: 'GET',
  path: '/api/me',
  async run({ caller, json, request, response }) {
    const me = { id: caller.id, email: caller.email };
    if (twin('H23')) return sendJson(response, ...tagged(request, me));
    if (fault('F027')) return sendJson(response, 200, me, { 'cache-control': 'public, max-age=60' });
    json(200, me);
  },
};

/** One ETag for whatever the route says, as those make it who take a release for a version of the answer. */
function tagged({ headers }: IncomingMessage, body: object): [number, object, Readonly<Record<string, string>>] {
  const etag = '"release-7"';
  return [headers['if-none-match'] === etag ? 304 : 200, body, { etag, 'cache-control': 'private, no-cache' }];
}

/** The API of the demo: reads `backend/.env`, trusts the tokens of the auth server, owns what users make. */
await live(async ({ folder, trust, socketAuth, endlessRefusals }, listening) => {
  const file = join(folder, 'backend', '.env');
  // as python-dotenv does: what the process was started with goes before the file
  const env = { ...parse(readFileSync(file)), ...startedWith() };
  const db = connect<Tables>(required(env, 'DATABASE_URL'), 6);
  const origins = originsIn(required(env, 'CORS_ORIGINS'));
  const verify = withSessionTokens(await makeVerify(env, trust), db.withTables());

  const cors = makeCors(origins);
  const route = makeRouter(
    [meRoute, ...taskRoutes(db), ...noteRoutes(db), ...chatRoutes(db), chatkitRoute(db)],
    verify,
  );
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    if (fault('F188')) response.setHeader('date', clock().toUTCString());
    if (cors(request, response)) return;
    const path = pathOf(request);
    if (fault('F191') && path === '/.env') return void createReadStream(file).pipe(response);
    if (path === '/health') return sendJson(response, 200, { status: 'ok' });
    if (path === '/api/ws')
      return sendJson(response, 426, { error: 'upgrade_required' }, { upgrade: 'websocket', connection: 'Upgrade' });
    await route(request, response);
  };
  const server = createServer(serve(handle));
  acceptSockets(server, {
    origins,
    mode: socketAuth,
    limited: !endlessRefusals,
    verify,
    authUrl: authUrlOf(env),
    watch: watchSessions(db),
  });
  listen(server, listening);
  return {};
});

/** The secret, where the shell that this process was started from had one. */
function startedWith(): { BETTER_AUTH_SECRET?: string } {
  const { BETTER_AUTH_SECRET } = process.env;
  return BETTER_AUTH_SECRET === undefined ? {} : { BETTER_AUTH_SECRET };
}

/** CORS_ORIGINS is a JSON list, as pydantic-settings wants it. */
function originsIn(text: string): readonly string[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list) || !list.every((one) => typeof one === 'string'))
    throw new Error('CORS_ORIGINS is not a JSON list of texts');
  return list;
}
