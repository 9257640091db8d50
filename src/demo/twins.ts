import type { EdgeOptions } from './edge/plan.js';
import type { Backend, SocketAuthMode, Trust } from './protocol.js';

/** A deployment that is as it should be and does not look so: nothing of it may be reported. */
export interface Twin {
  readonly id: `H${string}`;
  /** what it is, and with that why somebody may suspect it */
  readonly what: string;
  readonly settings?: TwinSettings;
}

/** How it is started. What settings cannot say is one line in the code, `if (twin('H10')) ...`. */
export interface TwinSettings {
  readonly trust?: Trust;
  readonly socketAuth?: SocketAuthMode;
  readonly backend?: Backend;
  readonly edge?: EdgeOptions;
  readonly production?: boolean;
  readonly basePath?: string;
}

export const twins = [
  { id: 'H01', what: 'stock Better Auth with EdDSA and jose, on loopback: no Secure, no prefix, no HSTS, no jti' },
  {
    id: 'H02',
    what: 'an API in Python: 403 before a socket opens, a future iat refused, exp taken as a text',
    settings: { backend: 'python' },
  },
  {
    id: 'H03',
    what: 'tokens by a route of its own under a shared secret, HS256',
    settings: { trust: 'shared-secret', socketAuth: 'header' },
  },
  {
    id: 'H04',
    what: 'https behind an edge that says X-Forwarded-Proto: wss, names itself, and cuts sockets after an idle minute',
    settings: { edge: { tls: true, idle: 60 } },
  },
  { id: 'H06', what: 'both halves have a secret of their own, and trust by JWKS' },
  { id: 'H07', what: 'the cookie cache is on, for five minutes' },
  { id: 'H10', what: 'every unknown path answers 200 and the page', settings: { edge: {} } },
  {
    id: 'H12',
    what: 'sockets open without a token, take it as the first message, and refuse it with 4401',
    settings: { socketAuth: 'message' },
  },
  {
    id: 'H14',
    what: 'sign-ins limited to three in ten seconds, told by X-Retry-After',
    settings: { edge: {}, production: true },
  },
  { id: 'H15', what: 'streams that begin after eight seconds of heartbeats and never say the same twice' },
  { id: 'H16', what: 'things that everybody may read, declared as such' },
  { id: 'H18', what: 'several sessions at once, by the plugin for that' },
  {
    id: 'H20',
    what: 'a private CA, an IPv6 address, ports of no service and another base path',
    settings: { edge: { tls: true, host: '[::1]' }, basePath: '/auth' },
  },
  { id: 'H23', what: 'who somebody is has one ETag for everybody, and 304 for whoever asks with it' },
  { id: 'H21', what: 'who signs up must verify an address first; the users of the run have' },
  {
    id: 'H22',
    what: 'a slow line: a quarter of a second each way, and two of a hundred packets lost',
    settings: { edge: { wire: { latency: 125, jitter: 10, loss: 2 } } },
  },
] as const satisfies readonly Twin[];

export type TwinId = (typeof twins)[number]['id'];

/** Whether a text, from a command line say, names a twin. */
export function isTwinId(text: string): text is TwinId {
  return twins.some(({ id }) => id === text);
}
