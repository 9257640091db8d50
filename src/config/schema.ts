import * as z from 'zod/mini';
import { loaderNames } from '../env-file/loader.js';
import { filled, formed, opt, pointer, said, variable } from './kinds.js';
import * as reference from './reference.js';
import { socketAuth } from './socket-auth.js';
import { baseUrl, itemPath, path, socketUrl } from './url.js';

/** How an env file is read: the reader that its service really uses. */
const loader = z.enum(loaderNames);

const service = z.strictObject({
  dir: said('Folder of the service, from this file.', filled()),
  loader: said('What reads its env files.', z.exactOptional(loader)),
  env: said('The env file that lockstep writes, from dir.', z.exactOptional(filled())),
  names: said(
    'Its own names for what both sides share.',
    z.exactOptional(
      z.strictObject({
        secret: said('The shared secret; BETTER_AUTH_SECRET unless it says otherwise.', z.exactOptional(variable())),
        database: said('The database URL; DATABASE_URL unless it says otherwise.', z.exactOptional(variable())),
      }),
    ),
  ),
  driver: said(
    'The PostgreSQL driver, which decides how the database URL is written.',
    z.exactOptional(z.enum(['pg', 'asyncpg', 'psycopg'])),
  ),
});

const account = {
  email: said('E-mail address, or env:NAME.', z.exactOptional(formed(reference.email))),
  password: said('env:NAME; a password is never written here.', z.exactOptional(formed(reference.password))),
};

const user = z
  .strictObject({
    ...account,
    signUp: said(
      'A run makes a user of its own and removes it again, where it is sure that it can; as --sign-up does.',
      z.exactOptional(z.literal(true)),
    ),
  })
  .check(
    z.refine(oneWayOnly, {
      error: 'makes a user for the run: leave out email and password, or this',
      path: ['signUp'],
      // beside other mistakes, too
      when: () => true,
    }),
  );

const resource = z.strictObject({
  name: said('What it is called in reports.', filled()),
  collection: said('Route that lists and creates.', formed(path)),
  item: said('Route of one, with {id}; the collection and /{id} unless it says otherwise.', opt(itemPath)),
  id: said(
    'JSON Pointer to the id in the answer to a create; /id unless it says otherwise.',
    z.exactOptional(pointer()),
  ),
  create: said('Body of a create; {canary} becomes a text that occurs nowhere else.', z.exactOptional(z.unknown())),
  update: said('Body of an update; {canary} as in create.', z.exactOptional(z.unknown())),
  children: said(
    'Routes of what belongs to one of them, with {id}; read with GET.',
    z.exactOptional(z.array(formed(itemPath))),
  ),
  shared: said('Others may read it on purpose.', z.exactOptional(z.boolean())),
});

const routes = z.strictObject({
  me: said(
    'The route that says who the caller is.',
    z.exactOptional(
      z.strictObject({
        get: said('Its path; /api/me unless it says otherwise.', opt(path)),
        identity: said('JSON Pointer to the user id in its answer.', z.exactOptional(pointer())),
      }),
    ),
  ),
  resources: said('Things that users own, over HTTP.', z.exactOptional(z.array(resource))),
  stream: said(
    'A route that answers with server-sent events.',
    z.exactOptional(
      z.strictObject({
        post: said('Its path.', formed(path)),
        body: said('What is sent; {canary} becomes a text that occurs nowhere else.', z.exactOptional(z.unknown())),
        done: said('The data of the last event.', z.exactOptional(z.string())),
        messages: said('Route that lists the stored messages of the caller.', opt(path)),
      }),
    ),
  ),
  chatkit: said('The route of the ChatKit protocol.', opt(path)),
  socket: said(
    'The WebSocket.',
    z.exactOptional(
      z.strictObject({
        url: said('ws:// or wss:// URL, or a path on the API; /api/ws unless it says otherwise.', opt(socketUrl)),
        auth: said(
          'Where the token goes: query:NAME, subprotocol:PROTOCOL, header, message:TEMPLATE.',
          opt(socketAuth),
        ),
        ack: said(
          'What the server says once it trusts the token; further members are ignored.',
          z.exactOptional(z.unknown()),
        ),
        ask: said('A message that is answered to its sender alone.', z.exactOptional(z.unknown())),
        join: said('A message that enters {room}, which the caller owns by it.', z.exactOptional(z.unknown())),
        say: said('A message with {canary} that everybody in {room} hears.', z.exactOptional(z.unknown())),
      }),
    ),
  ),
  protected: said('Further GET routes that need a credential.', z.exactOptional(z.array(formed(path)))),
  public: said('GET routes that answer everybody on purpose.', z.exactOptional(z.array(formed(path)))),
  health: said('GET route that says that the API lives, without a credential.', opt(path)),
});

const seconds = () => z.exactOptional(z.int().check(z.gte(0), z.lte(86_400)));

const policy = z.strictObject({
  tokenLifetime: said('Seconds that a token may live; 900 unless it says otherwise.', seconds()),
  leeway: said('Seconds by which an expired token may still be taken; 60 unless it says otherwise.', seconds()),
  audience: said('Whether other audiences must be refused.', z.exactOptional(z.enum(['enforced', 'any']))),
  sessions: said('Whether a user may have several at once.', z.exactOptional(z.enum(['multiple', 'single']))),
  authCloseCodes: said(
    'WebSocket close codes that say that the credential is not good.',
    z.exactOptional(z.array(z.int().check(z.gte(1000), z.lte(4999)))),
  ),
  authDeadline: said('Seconds that a socket may take to authenticate; 10 unless it says otherwise.', seconds()),
  rateLimit: said('Where sign-ins are limited.', z.exactOptional(z.enum(['app', 'edge', 'none']))),
});

const target = z.strictObject({
  auth: said("Better Auth's base URL with its base path; without a path, /api/auth.", opt(baseUrl)),
  api: said('Base URL of the API.', opt(baseUrl)),
  database: said('env:NAME of the database URL; rows and keys can then be looked at.', opt(reference.database)),
  secret: said('env:NAME of the secret that it should run with; tokens can then be minted.', opt(reference.password)),
  token: said(
    'How the API comes to trust a caller.',
    z.exactOptional(
      z.strictObject({
        route: said('Route that gives a token, under auth; /token unless it says otherwise.', opt(path)),
        trust: said('auto reads it from the token.', z.exactOptional(z.enum(['auto', 'jwks', 'shared-secret']))),
      }),
    ),
  ),
  users: said(
    'Two users that may be signed in and whose things may be touched.',
    z.exactOptional(z.strictObject({ a: z.exactOptional(user), b: z.exactOptional(user) })),
  ),
  admin: said(
    'Somebody who may remove users through the admin plugin: asked to remove those that a run made, and no others.',
    z.exactOptional(z.strictObject(account)),
  ),
  routes: said('What the API offers.', z.exactOptional(routes)),
  policy: said('What this deployment holds to be right.', z.exactOptional(policy)),
  caFile: said(
    'A PEM file of authorities that are trusted beside the usual ones, from this file.',
    z.exactOptional(filled()),
  ),
  production: said('Writes then need consent. Unset: guessed from the address.', z.exactOptional(z.boolean())),
});

/** lockstep.json: the one definition, for reading it, for its type and for editors. */
export const schema = z.strictObject({
  $schema: said('JSON Schema of this file, for editors.', z.exactOptional(z.string())),
  services: said(
    'The two halves in this checkout.',
    z.exactOptional(z.strictObject({ frontend: z.exactOptional(service), backend: z.exactOptional(service) })),
  ),
  targets: said(
    'Deployments by name; local is used when none is asked for.',
    z.exactOptional(z.record(z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)), target)),
  ),
});

/** lockstep.json, checked. Nothing is filled in: what is absent was not written. */
export type Config = z.output<typeof schema>;
export type TargetConfig = z.output<typeof target>;

/** Asked even where a user has other mistakes, and then of what is left of it. */
function oneWayOnly(user: { signUp?: true; email?: string; password?: string } | undefined): boolean {
  return user?.signUp !== true || (user.email === undefined && user.password === undefined);
}
