import type { EdgeOptions } from './edge/plan.js';

/** Where a fault sits: the auth server, the API, what stands in front of them, or what they are started from. */
type Where = 'FE' | 'BE' | 'edge' | 'files' | 'process' | 'DB';

/** A mistake that real deployments make and that can be planted in this one. */
export interface Fault {
  readonly id: `F${string}`;
  readonly where: Where;
  /** the mistake, present tense */
  readonly what: string;
  /** the check whose job it is to see it */
  readonly check: string;
  /** the verdict that this check then owes */
  readonly expect: 'fail' | 'warn';
  /** the settings under which the mistake can be made at all; any, unless given */
  readonly trust?: 'jwks' | 'shared-secret';
  /** the edge that it sits in; such a fault brings its edge along */
  readonly edge?: EdgeOptions;
  /** shows only where the auth server runs as in production, with its rate limits; such a fault brings that along */
  readonly production?: true;
  /** `--max-wait` of the check that is to see it; the usual one unless given */
  readonly maxWait?: string;
}

/**
 * Every fault that can be planted. In the code each is one line beside the healthy one, `if (fault('F149')) ...`, so
 * that the difference is the documentation. Ids are never reused.
 */
export const faults = [
  {
    id: 'F002',
    where: 'FE',
    what: 'get-session answers a fixed demo user whatever the cookie',
    check: 'session/login',
    expect: 'fail',
  },
  {
    id: 'F003',
    where: 'FE',
    what: 'the jwt plugin throws after get-session: 500 with an empty body while sign-in is 200',
    check: 'session/login',
    expect: 'fail',
  },
  {
    id: 'F032',
    where: 'FE',
    what: 'the expiration time is a number, read as 900 seconds after 1970: the token is born expired',
    check: 'token/fetch',
    expect: 'fail',
  },
  {
    id: 'F033',
    where: 'FE',
    what: 'the signing key in the database is encrypted under the secret before the last one',
    check: 'token/fetch',
    expect: 'fail',
    trust: 'jwks',
  },
  {
    id: 'F036',
    where: 'BE',
    what: 'the API verifies with another key or secret',
    check: 'token/accepted-by-api',
    expect: 'fail',
  },
  {
    id: 'F038',
    where: 'BE',
    what: 'the API expects the audience of another environment',
    check: 'token/accepted-by-api',
    expect: 'fail',
  },
  {
    id: 'F048',
    where: 'BE',
    what: 'the API decodes the token and never verifies it',
    check: 'token/signature-verified',
    expect: 'fail',
  },
  {
    id: 'F050',
    where: 'BE',
    what: 'the API accepts an empty signature',
    check: 'token/signature-verified',
    expect: 'fail',
  },
  {
    id: 'F051',
    where: 'BE',
    what: 'the API finds the kid and then takes any key of that algorithm',
    check: 'token/signature-verified',
    expect: 'fail',
    trust: 'jwks',
  },
  {
    id: 'F086',
    where: 'FE',
    what: 'every token of a session after the first is the same expired one',
    check: 'refresh/recovers',
    expect: 'fail',
  },
  {
    id: 'F087',
    where: 'FE',
    what: 'every token of a session after the first is signed by a key that the API does not know',
    check: 'refresh/recovers',
    expect: 'fail',
  },
  {
    id: 'F113',
    where: 'edge',
    what: 'the edge drops Upgrade: the handshake is answered 426',
    check: 'ws/connects-after-auth',
    expect: 'fail',
  },
  {
    id: 'F114',
    where: 'BE',
    what: 'the socket looks for the token in another place',
    check: 'ws/connects-after-auth',
    expect: 'fail',
  },
  {
    id: 'F116',
    where: 'BE',
    what: 'the socket takes an empty token for a guest',
    check: 'ws/unusable-token-refused',
    expect: 'fail',
  },
  {
    id: 'F117',
    where: 'BE',
    what: 'the socket takes the text `undefined` for a guest',
    check: 'ws/unusable-token-refused',
    expect: 'fail',
  },
  {
    id: 'F119',
    where: 'BE',
    what: 'the socket verifies the signature and not the expiration',
    check: 'ws/unusable-token-refused',
    expect: 'fail',
  },
  {
    id: 'F120',
    where: 'BE',
    what: 'the socket ignores the token when a session cookie comes with it',
    check: 'ws/unusable-token-refused',
    expect: 'fail',
  },
  {
    id: 'F149',
    where: 'BE',
    what: 'tasks have no owner filter at all: neither by id nor in the list',
    check: 'isolation/read',
    expect: 'fail',
  },
  {
    id: 'F150',
    where: 'BE',
    what: 'the owner is checked in the list and not by id',
    check: 'isolation/read',
    expect: 'fail',
  },
  {
    id: 'F155',
    where: 'BE',
    what: 'the list has no owner filter',
    check: 'isolation/list',
    expect: 'fail',
  },
  {
    id: 'F156',
    where: 'BE',
    what: 'the list obeys ?userId= of anybody',
    check: 'isolation/list',
    expect: 'fail',
  },
  {
    id: 'F158',
    where: 'BE',
    what: 'the total of the list counts the tasks of all users',
    check: 'isolation/list',
    expect: 'fail',
  },
  {
    id: 'F008',
    where: 'edge',
    what: 'the edge writes its own origin into the Origin of every request',
    check: 'session/csrf-origin-enforced',
    expect: 'fail',
    edge: {},
  },
  {
    id: 'F026',
    where: 'edge',
    what: 'a cache keeps get-session by its path, for everybody',
    check: 'session/session-responses-not-cacheable',
    expect: 'fail',
    edge: {},
  },
  {
    id: 'F029',
    where: 'edge',
    what: 'the edge passes on the X-Forwarded-For that a client sends, and the limiter believes it',
    check: 'session/login-rate-limited',
    expect: 'fail',
    edge: {},
    production: true,
  },
  {
    id: 'F096',
    where: 'edge',
    what: 'a cache keeps the answers of the token route for an hour',
    check: 'refresh/returns-a-new-credential',
    expect: 'fail',
    edge: {},
  },
  {
    id: 'F132',
    where: 'edge',
    what: 'the access log has the query of each request, with the token of the socket in it',
    check: 'ws/token-not-in-url',
    expect: 'warn',
    edge: {},
  },
  {
    id: 'F174',
    where: 'edge',
    what: 'a cache keeps the answers of the API by their path, whoever asks',
    check: 'isolation/cache-crosstalk',
    expect: 'fail',
    edge: {},
  },
  {
    id: 'F189',
    where: 'edge',
    what: 'the auth server knows of no proxy: who sends an X-Forwarded-For shares one limit with all others who do',
    check: 'config/client-ip-known',
    expect: 'fail',
    edge: {},
    production: true,
  },
  {
    id: 'F198',
    where: 'edge',
    what: 'two auth servers in turn have different secrets',
    check: 'config/replicas-agree',
    expect: 'fail',
    edge: { replicas: true },
  },
  {
    id: 'F200',
    where: 'edge',
    what: 'two auth servers in turn keep their sessions in memory, each its own',
    check: 'config/replicas-agree',
    expect: 'fail',
    edge: { replicas: true },
  },
  {
    id: 'F201',
    where: 'files',
    what: 'the file of the backend has another secret',
    check: 'secret/files-agree',
    expect: 'fail',
    trust: 'shared-secret',
  },
  {
    id: 'F206',
    where: 'process',
    what: 'a secret exported in the shell of the auth server beats the one in its file',
    check: 'secret/running-processes-agree',
    expect: 'fail',
  },
  {
    id: 'F210',
    where: 'DB',
    what: 'the signing key in the database is encrypted under an old secret',
    check: 'secret/jwks-decrypts',
    expect: 'fail',
    trust: 'jwks',
  },
  {
    id: 'F213',
    where: 'process',
    what: 'the file of the frontend was changed and the auth server not restarted',
    check: 'secret/process-older-than-file',
    expect: 'warn',
  },
  {
    id: 'F218',
    where: 'edge',
    what: 'the certificate for the host of the sockets is made out to another name',
    check: 'transport/tls-valid',
    expect: 'fail',
    edge: { tls: true },
  },
  {
    id: 'F219',
    where: 'edge',
    what: 'the edge takes http: and ws: on the port for https: and wss:',
    check: 'transport/no-cleartext-credentials',
    expect: 'fail',
    edge: { tls: true },
  },
  {
    id: 'F221',
    where: 'edge',
    what: 'the edge passes a handshake on without Upgrade and Connection',
    check: 'transport/edge-passes-upgrade',
    expect: 'fail',
    edge: {},
  },
  {
    id: 'F222',
    where: 'edge',
    what: 'the edge cuts a socket after a minute without a message: minutes were taken for hours',
    check: 'transport/edge-passes-upgrade',
    expect: 'warn',
    edge: {},
  },
  {
    id: 'F224',
    where: 'edge',
    what: 'the edge keeps each answer back until it is whole, streams too',
    check: 'transport/sse-not-buffered',
    expect: 'fail',
    edge: {},
  },
  {
    id: 'F225',
    where: 'edge',
    what: 'the edge compresses streams and keeps their events back until there are enough',
    check: 'transport/sse-not-buffered',
    expect: 'fail',
    edge: {},
  },
  {
    id: 'F227',
    where: 'edge',
    what: 'the edge sends all calls to the API on to another host name',
    check: 'transport/redirects-keep-credentials-home',
    expect: 'fail',
    edge: {},
  },
] as const satisfies readonly Fault[];

export type FaultId = (typeof faults)[number]['id'];

/** Whether a text, from a command line say, names a fault. */
export function isFaultId(text: string): text is FaultId {
  return faults.some(({ id }) => id === text);
}
