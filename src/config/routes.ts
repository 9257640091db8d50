import type { Resource, Routes, SocketTalk } from '../core/target.js';
import type { Desk } from './desk.js';
import type { TargetConfig } from './schema.js';
import { parseSocketAuth, socketAuth } from './socket-auth.js';
import type { Sourced } from './sources.js';
import { path, socketUrl } from './url.js';

const guess = { me: '/api/me', tasks: '/api/tasks', socket: '/api/ws' };
const standard = { kind: 'default' } as const;

/** What the API offers: what is said, and where nothing is, the names that most applications use, as undeclared. */
export function settleRoutes(desk: Desk, entry: TargetConfig | null, api: Sourced<string> | null): Routes {
  const written = entry?.routes;
  return {
    me: settleMe(desk, written?.me),
    resources: settleResources(desk, written?.resources),
    stream: settleStream(desk, written?.stream),
    chatkit: written?.chatkit === undefined ? null : settleWritten(desk, 'routes.chatkit', written.chatkit),
    socket: settleSocket(desk, written?.socket, api, entry?.api),
    talk: settleTalk(desk, written?.socket),
    protected: written?.protected === undefined ? [] : settleWritten(desk, 'routes.protected', written.protected),
    public: written?.public === undefined ? [] : settleWritten(desk, 'routes.public', written.public),
    health: written?.health === undefined ? null : settleWritten(desk, 'routes.health', written.health),
  };
}

type Written = NonNullable<TargetConfig['routes']>;

function settleMe(desk: Desk, written: Written['me']): Routes['me'] {
  const said = desk.text('routes.me.get', path.judge, written?.get);
  const get = desk.settle('routes.me.get', said ?? { value: guess.me, origin: standard });
  const identity = written?.identity === undefined ? null : settleWritten(desk, 'routes.me.identity', written.identity);
  return { value: { get, identity }, declared: said !== null || written !== undefined };
}

function settleResources(desk: Desk, written: Written['resources']): Routes['resources'] {
  const said = desk.text('routes.resources', path.judge, undefined);
  if (said !== null) {
    return { value: desk.settle('routes.resources', { ...said, value: [usual(said.value)] }), declared: true };
  }
  if (written === undefined) {
    const value = desk.settle('routes.resources', { value: [usual(guess.tasks)], origin: standard });
    return { value, declared: false };
  }
  const value = written.map(
    (one): Resource => ({
      ...usual(one.collection),
      ...one,
      assumed: one.create === undefined,
    }),
  );
  return { value: settleWritten(desk, 'routes.resources', value), declared: true };
}

/** A collection as a REST framework serves it, named by its last segment. */
function usual(collection: string): Resource {
  const [plain = collection] = collection.split('?');
  const base = plain.replace(/\/+$/, '');
  const name = base.split('/').at(-1) || 'resources';
  const body = { create: { title: '{canary}' }, assumed: true, update: null };
  return { name, collection, item: `${base}/{id}`, id: '/id', ...body, children: [], shared: false };
}

function settleStream(desk: Desk, written: Written['stream']): Routes['stream'] {
  if (written === undefined) return null;
  const { post, body = { message: '{canary}' }, done = null, messages = null } = written;
  return settleWritten(desk, 'routes.stream', { post, body, done, messages });
}

function settleSocket(
  desk: Desk,
  written: Written['socket'],
  api: Sourced<string> | null,
  writtenApi: string | undefined,
): Routes['socket'] {
  const said = desk.text('routes.socket.url', socketUrl.judge, written?.url);
  const auth = desk.text('routes.socket.auth', socketAuth.judge, written?.auth);
  const declared = said !== null || written !== undefined;
  const url = said === null ? guess.socket : follow(said, api, writtenApi);
  if (url.startsWith('/') && api === null && declared) {
    const hint = 'give --api, or the whole URL of the socket';
    const origin = said?.origin ?? desk.written('routes.socket');
    if (desk.fileIsSound) desk.mistakes.push({ origin, text: 'the socket is on the API, and no API is given', hint });
  }
  const ack = written?.ack ?? null;
  const value = {
    url: desk.settle('routes.socket.url', {
      value: absolute(url, api?.value ?? null),
      origin: said?.origin ?? { ...standard, from: 'api' },
    }),
    auth: parseSocketAuth(desk.settle('routes.socket.auth', auth ?? { value: 'query:token', origin: standard })),
    ack: ack === null ? null : settleWritten(desk, 'routes.socket.ack', ack),
  };
  return { value, declared };
}

function settleTalk(desk: Desk, written: Written['socket']): SocketTalk {
  const said = (name: keyof SocketTalk) =>
    written?.[name] === undefined ? null : settleWritten(desk, `routes.socket.${name}`, written[name]);
  return { ask: said('ask'), join: said('join'), say: said('say') };
}

/**
 * A socket that the file puts on the API's host goes along when a flag or a variable moves the API: to look at the
 * old host would be a verdict on another deployment, and would hand it a token.
 */
function follow(said: Sourced<string>, api: Sourced<string> | null, writtenApi: string | undefined): string {
  const { value, origin } = said;
  const moved = api !== null && api.origin.kind !== 'file' && origin.kind === 'file' && writtenApi !== undefined;
  if (!moved || value.startsWith('/')) return value;
  const { host, pathname, search } = new URL(value);
  if (host !== new URL(writtenApi).host) return value;
  const onApi = new URL(api.value);
  return `${onApi.protocol.replace('http', 'ws')}//${onApi.host}${pathname}${search}`;
}

function absolute(url: string, api: string | null): string {
  if (!url.startsWith('/')) return url;
  return api === null ? '' : `${api.replace(/^http/, 'ws')}${url}`;
}

function settleWritten<T>(desk: Desk, name: string, value: T): T {
  return desk.settle(name, { value, origin: desk.written(name) });
}
