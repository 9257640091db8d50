import { describe, expect, it } from 'vitest';
import { originText } from '../../src/config/mistake.js';
import type { Flags } from '../../src/config/target.js';
import { resolveSettings, resolveTarget } from '../../src/config/target.js';
import { LockstepError } from '../../src/core/errors.js';
import { Secret } from '../../src/core/secret.js';

interface Given {
  readonly flags?: Flags;
  readonly env?: Record<string, string>;
  readonly file?: unknown;
}

function world({ env = {}, file }: Given) {
  const text = typeof file === 'string' ? file : JSON.stringify(file, null, 2);
  const read = async (path: string) => (file !== undefined && path === '/app/lockstep.json' ? text : null);
  return { cwd: '/app', env, files: { read, exists: async (path: string) => path === '/app/.git' } };
}

const settled = (given: Given) => resolveSettings(given.flags ?? {}, world(given));
const resolved = (given: Given) => resolveTarget(given.flags ?? {}, world(given));

async function refusal(given: Given): Promise<LockstepError> {
  const error: unknown = await resolved(given).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LockstepError)) throw new Error('it was not refused');
  expect(error.exit).toBe(2);
  return error;
}

const local = { auth: 'http://localhost:3000', api: 'http://localhost:8000' };

describe('a target', () => {
  it('needs no file: two addresses are enough', async () => {
    expect(await resolved({ flags: local })).toEqual({
      name: 'localhost:3000',
      auth: 'http://localhost:3000/api/auth',
      origin: 'http://localhost:3000',
      api: 'http://localhost:8000',
      database: null,
      secret: null,
      tokenRoute: { value: '/token', declared: false },
      trust: 'auto',
      users: { a: null, b: null },
      signUp: [],
      admin: null,
      caFile: null,
      routes: {
        me: { value: { get: '/api/me', identity: null }, declared: false },
        resources: {
          value: [
            {
              name: 'tasks',
              collection: '/api/tasks',
              item: '/api/tasks/{id}',
              id: '/id',
              create: { title: '{canary}' },
              assumed: true,
              update: null,
              children: [],
              shared: false,
            },
          ],
          declared: false,
        },
        stream: null,
        chatkit: null,
        socket: {
          value: { url: 'ws://localhost:8000/api/ws', auth: { mode: 'query', name: 'token' }, ack: null },
          declared: false,
        },
        talk: { ask: null, join: null, say: null },
        protected: [],
        public: [],
        health: null,
      },
      policy: {
        tokenLifetime: 900,
        leeway: 60,
        audience: 'enforced',
        sessions: 'multiple',
        authCloseCodes: [4401, 4403, 1008, 3000, 3003],
        authDeadline: 10,
        rateLimit: 'app',
      },
      production: false,
    });
  });

  it('needs no API: there is then no socket to assume', async () => {
    const target = await resolved({ flags: { auth: 'https://auth.example.com' } });
    expect(target.api).toBeNull();
    expect(target.routes.socket).toMatchObject({ value: { url: '' }, declared: false });
  });

  it.each([
    ['http://localhost:3000', 'http://localhost:3000/api/auth'],
    ['http://localhost:3000/', 'http://localhost:3000/api/auth'],
    ['http://localhost:3000//', 'http://localhost:3000/api/auth'],
    ['http://localhost:3000/auth', 'http://localhost:3000/auth'],
    ['http://localhost:3000/api/auth/', 'http://localhost:3000/api/auth'],
    ['HTTPS://Auth.Example.COM:443/x', 'https://auth.example.com/x'],
  ])('asked for at %s is at %s', async (auth, base) => {
    const target = await resolved({ flags: { auth } });
    expect(target.auth).toBe(base);
    expect(target.origin).toBe(new URL(base).origin);
  });

  it.each([
    ['https://api.example.com/v1/', undefined, 'wss://api.example.com/v1/api/ws'],
    ['http://localhost:8000', '/live?v=2', 'ws://localhost:8000/live?v=2'],
    ['http://localhost:8000', 'wss://edge.example.com/ws', 'wss://edge.example.com/ws'],
  ])('with its API at %s and a socket %s has it at %s', async (api, socket, url) => {
    const target = await resolved({ flags: { auth: local.auth, api, socket } });
    expect(target.routes.socket.value.url).toBe(url);
    expect(target.routes.socket.declared).toBe(socket !== undefined);
  });

  it.each([
    ['query', { mode: 'query', name: 'token' }],
    ['query:access_token', { mode: 'query', name: 'access_token' }],
    ['subprotocol', { mode: 'subprotocol', protocol: 'bearer' }],
    ['subprotocol:app.jwt', { mode: 'subprotocol', protocol: 'app.jwt' }],
    ['header', { mode: 'header' }],
    ['message', { mode: 'message', template: '{"type":"auth","token":"{token}"}' }],
    ['message:AUTH {token}', { mode: 'message', template: 'AUTH {token}' }],
  ])('with the socket auth %s has %j', async (socketAuth, auth) => {
    expect((await resolved({ flags: { ...local, socketAuth } })).routes.socket.value.auth).toEqual(auth);
  });

  it('takes a collection by flag, and what else a resource has from its path', async () => {
    const { routes } = await resolved({ flags: { ...local, tasks: '/v1/todos/' } });
    expect(routes.resources).toEqual({
      declared: true,
      value: [
        {
          name: 'todos',
          collection: '/v1/todos/',
          item: '/v1/todos/{id}',
          id: '/id',
          create: { title: '{canary}' },
          assumed: true,
          update: null,
          children: [],
          shared: false,
        },
      ],
    });
  });

  it('counts what the file says about a route as declared, even in part', async () => {
    const file = { targets: { x: { ...local, routes: { me: { identity: '/user/id' }, socket: { auth: 'header' } } } } };
    const { routes } = await resolved({ file });
    expect(routes.me).toEqual({ value: { get: '/api/me', identity: '/user/id' }, declared: true });
    expect(routes.socket).toEqual({
      value: { url: 'ws://localhost:8000/api/ws', auth: { mode: 'header' }, ack: null },
      declared: true,
    });
  });
});

describe('of two that say a setting', () => {
  const file = {
    targets: {
      one: {
        auth: 'http://file.test/auth',
        api: 'http://file.test',
        database: 'env:FILE_DB',
        token: { route: '/file', trust: 'jwks' },
        users: {
          a: { email: 'file@a.test', password: 'env:FILE_PW' },
          b: { email: 'file@b.test', password: 'env:FILE_PW' },
        },
        routes: {
          me: { get: '/file' },
          resources: [{ name: 'file', collection: '/file' }],
          socket: { url: '/file', auth: 'query:file' },
        },
      },
    },
  };
  const base = { FILE_DB: 'postgres://file.test/d', FILE_PW: 'file' };
  // setting, what a flag says, what a variable says, how each shows, the line of the file
  const rows: [string, Flags | null, string, string, [unknown, unknown, unknown]][] = [
    [
      'auth',
      { auth: 'http://flag.test/auth' },
      'LOCKSTEP_AUTH',
      'http://env.test/auth',
      ['http://flag.test/auth', 'http://env.test/auth', 'http://file.test/auth'],
    ],
    [
      'api',
      { api: 'http://flag.test' },
      'LOCKSTEP_API',
      'http://env.test',
      ['http://flag.test', 'http://env.test', 'http://file.test'],
    ],
    [
      'database',
      null,
      'LOCKSTEP_DATABASE',
      'postgres://u:p@env.test/d',
      [null, 'postgres://u:p@env.test/d', 'postgres://file.test/d'],
    ],
    ['token.route', { tokenRoute: '/flag' }, 'LOCKSTEP_TOKEN_ROUTE', '/env', ['/flag', '/env', '/file']],
    ['token.trust', { trust: 'shared-secret' }, 'LOCKSTEP_TRUST', 'auto', ['shared-secret', 'auto', 'jwks']],
    [
      'users.a.email',
      { userA: 'flag@a.test' },
      'LOCKSTEP_A_EMAIL',
      'env@a.test',
      ['flag@a.test', 'env@a.test', 'file@a.test'],
    ],
    ['users.a.password', null, 'LOCKSTEP_A_PASSWORD', 'env', [null, 'env', 'file']],
    [
      'users.b.email',
      { userB: 'flag@b.test' },
      'LOCKSTEP_B_EMAIL',
      'env@b.test',
      ['flag@b.test', 'env@b.test', 'file@b.test'],
    ],
    ['users.b.password', null, 'LOCKSTEP_B_PASSWORD', 'env', [null, 'env', 'file']],
    ['routes.me.get', { me: '/flag' }, 'LOCKSTEP_ME', '/env', ['/flag', '/env', '/file']],
    ['routes.resources', { tasks: '/flag' }, 'LOCKSTEP_TASKS', '/env', ['/flag', '/env', '/file']],
    [
      'routes.socket.url',
      { socket: '/flag' },
      'LOCKSTEP_SOCKET',
      '/env',
      ['ws://file.test/flag', 'ws://file.test/env', 'ws://file.test/file'],
    ],
    [
      'routes.socket.auth',
      { socketAuth: 'query:flag' },
      'LOCKSTEP_SOCKET_AUTH',
      'query:env',
      ['query:flag', 'query:env', 'query:file'],
    ],
  ];

  async function shown(name: string, given: Given): Promise<[unknown, string]> {
    const { settings } = await settled(given);
    const setting = settings.find((each) => each.name === name);
    if (setting === undefined) throw new Error(`${name} is not listed`);
    const { value } = setting;
    const plain = value instanceof Secret ? value.reveal() : Array.isArray(value) ? value[0].collection : value;
    return [plain, originText(setting.origin)];
  }

  it.each(rows)(
    '%s: the flag before the variable before the file',
    async (name, flags, variable, held, [byFlag, byEnv, byFile]) => {
      const env = { ...base, [variable]: held };
      if (flags !== null) {
        const flag = `--${Object.keys(flags)
          .join('')
          .replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
        expect(await shown(name, { flags, env, file })).toEqual([byFlag, flag]);
      }
      expect(await shown(name, { env, file })).toEqual([byEnv, variable]);
      const [value, origin] = await shown(name, { env: { ...base, [variable]: '' }, file });
      expect(value).toEqual(byFile);
      expect(origin).toMatch(/^lockstep\.json:\d+:\d+/);
    },
  );

  it('says of a value that a variable of the file holds both places, and boxes it', async () => {
    const { settings, target } = await settled({ env: base, file });
    const password = settings.find(({ name }) => name === 'users.a.password');
    // line 14 of the file as it is indented here, at the value
    expect(originText(password?.origin ?? { kind: 'default' })).toBe('lockstep.json:14:23, from FILE_PW');
    expect(JSON.stringify({ settings, target })).not.toContain('postgres://');
    expect(target.database?.reveal()).toBe('postgres://file.test/d');
  });

  it('says of what nobody says that it is a default', async () => {
    expect(await shown('routes.me.get', { flags: local })).toEqual(['/api/me', 'default']);
    expect(await shown('routes.socket.url', { flags: local })).toEqual([
      'ws://localhost:8000/api/ws',
      'default, from api',
    ]);
  });

  it('lets a socket of the file follow the API that a flag moves, unless it has a host of its own', async () => {
    const at = (url: string) => ({ targets: { x: { ...local, routes: { socket: { url } } } } });
    const flags = { api: 'https://staging.example.com' };
    const own = await resolved({ flags, file: at('ws://sockets.example.com/ws') });
    expect(own.routes.socket.value.url).toBe('ws://sockets.example.com/ws');
    const moved = await resolved({ flags, file: at('ws://localhost:8000/ws?v=1') });
    expect(moved.routes.socket.value.url).toBe('wss://staging.example.com/ws?v=1');
  });
});

describe('of several targets', () => {
  const target = (port: number) => ({ auth: `http://localhost:${port}` });
  const three = { targets: { staging: target(1), local: target(2), production: target(3) } };

  it('takes the one that is named, else local, else the only one', async () => {
    expect((await resolved({ flags: { target: 'staging' }, file: three })).auth).toContain(':1/');
    expect((await resolved({ env: { LOCKSTEP_TARGET: 'production' }, file: three })).auth).toContain(':3/');
    expect((await resolved({ file: three })).name).toBe('local');
    expect((await resolved({ file: { targets: { staging: target(1) } } })).name).toBe('staging');
  });

  const two = { targets: { staging: target(1), production: target(3) } };

  it('guesses none: it lists them', async () => {
    const error = await refusal({ file: two });
    expect(error.message).toContain('has several targets, and none is called local');
    expect(error.hint).toBe('name one with --target or LOCKSTEP_TARGET: staging, production');
  });

  it('needs none of them where the command line says enough', async () => {
    expect((await resolved({ flags: local, file: two })).name).toBe('localhost:3000');
  });

  it('knows which one was meant', async () => {
    const error = await refusal({ flags: { target: 'stagign' }, file: two });
    expect(error).toMatchObject({
      code: 'usage',
      message: '--target  there is no target "stagign"',
      hint: 'did you mean "staging"? lockstep.json has staging, production',
    });
  });

  it('has none without a file', async () => {
    const error = await refusal({ env: { LOCKSTEP_TARGET: 'local' } });
    expect(error.message).toBe('LOCKSTEP_TARGET  there is no target "local"');
    expect(error.hint).toBe('no lockstep.json from here up to the repository root');
  });
});

describe('settings that are wrong', () => {
  it('are told at once, of flags, variables and file', async () => {
    const error = await refusal({
      flags: { auth: 'localhost:3000', trust: 'x', me: 'me', socketAuth: 'cookie' },
      env: { LOCKSTEP_API: 'ftp://x', LOCKSTEP_A_EMAIL: 'a@a.test', LOCKSTEP_PRODUCTION: 'false' },
      file: { targets: { local: { database: 'env:NO_SUCH', token: { rout: '/x' } } } },
    });
    expect(error.code).toBe('config');
    expect(error.message.split('\n').filter((line) => !/^ {3}/.test(line))).toEqual([
      '8 mistakes in the settings',
      'lockstep.json:4:19  the variable NO_SUCH is not set',
      'lockstep.json:6:9  unknown key "rout"; did you mean "route"?',
      '--auth  must be an http:// or https:// URL',
      'LOCKSTEP_API  must be an http:// or https:// URL',
      '--trust  must be auto, jwks or shared-secret',
      '--me  must be a path that begins with /, without spaces or #',
      '--socket-auth  must be query:NAME, subprotocol:PROTOCOL, header, or message:TEMPLATE with {token} in it',
      'LOCKSTEP_PRODUCTION  can only be true: it protects: say --no-production, or "production": false in lockstep.json',
    ]);
  });

  it('without an auth server say the three ways to name one', async () => {
    for (const file of [undefined, {}, { targets: { local: { api: local.api } } }]) {
      const error = await refusal({ file });
      expect(error.message).toContain('no auth server to look at');
      for (const way of ['--auth', 'LOCKSTEP_AUTH', 'lockstep.json']) expect(error.hint).toContain(way);
    }
  });

  it.each([
    [{ LOCKSTEP_A_EMAIL: 'a@a.test' }, 'user a has an e-mail address and no password', 'set LOCKSTEP_A_PASSWORD'],
    [
      { LOCKSTEP_B_EMAIL: 'b@b.test', LOCKSTEP_B_PASSWORD: '' },
      'user b has an e-mail address and no password',
      'set LOCKSTEP_B_PASSWORD',
    ],
    [
      { LOCKSTEP_B_PASSWORD: 'secret' },
      'user b has a password and no e-mail address',
      'set LOCKSTEP_B_EMAIL or give --user-b',
    ],
  ])('include half a user: %j', async (env, text, hint) => {
    const error = await refusal({ flags: local, env });
    expect(error.message).toContain(text);
    expect(error.hint).toBe(hint);
  });

  it('include variables of the target in use, not of another, and not where something else is said', async () => {
    const users = { a: { email: 'a@a.test', password: 'env:UNSET' } };
    const file = { targets: { local, other: { ...local, users } } };
    expect((await resolved({ file })).users.a).toBeNull();
    expect((await refusal({ flags: { target: 'other' }, file })).message).toContain('the variable UNSET is not set');
    expect((await refusal({ flags: { target: 'other' }, env: { UNSET: '' }, file })).message).toContain(
      'UNSET is empty',
    );
    const overridden = await resolved({ flags: { target: 'other' }, env: { LOCKSTEP_A_PASSWORD: 'pw' }, file });
    expect(overridden.users.a?.password.reveal()).toBe('pw');
  });

  it('include a socket on an API that nobody names', async () => {
    const error = await refusal({ flags: { auth: local.auth, socket: '/ws' } });
    expect(error.message).toBe('--socket  the socket is on the API, and no API is given');
  });

  it('include a database that is not PostgreSQL, without quoting it', async () => {
    const file = { targets: { local: { ...local, database: 'env:DB' } } };
    const error = await refusal({ env: { DB: 'mysql://u:hunter2@h/d' }, file });
    expect(error.message).toBe('lockstep.json:6:19, from DB  DB must be a postgresql:// URL');
  });
});

describe('a user made for the run', () => {
  it('is kept for the run, and gives way to one that is given', async () => {
    const file = { targets: { local: { ...local, users: { a: { signUp: true }, b: { signUp: true } } } } };
    const env = { LOCKSTEP_B_EMAIL: 'b@b.test', LOCKSTEP_B_PASSWORD: 'pw' };
    const target = await resolved({ env, file });
    expect(target.users.a).toBeNull();
    expect(target.users.b?.email).toBe('b@b.test');
    expect(target.signUp).toEqual(['a']);
  });
});

describe('production', () => {
  it.each([
    ['localhost', false],
    ['app.localhost', false],
    ['LOCALHOST.', false],
    ['127.0.0.1', false],
    ['127.1', false],
    ['0x7f.1', false],
    ['2130706433', false],
    ['0.0.0.0', false],
    ['10.255.0.1', false],
    ['172.16.0.1', false],
    ['172.31.255.255', false],
    ['192.168.1.1', false],
    ['[::1]', false],
    ['[::ffff:127.0.0.1]', false],
    ['[fd12:3456::1]', false],
    ['mac.local', false],
    ['app.test', false],
    ['nas.home.arpa', false],
    ['host.docker.internal', false],
    ['example.com', true],
    ['localhost.example.com', true],
    ['notlocalhost', true],
    ['127.0.0.1.example.com', true],
    ['172.15.0.1', true],
    ['172.32.0.1', true],
    ['11.0.0.1', true],
    ['192.169.0.1', true],
    ['100.64.0.1', true],
    ['169.254.169.254', true],
    ['8.8.8.8', true],
    ['[2606:4700::1111]', true],
    ['[::ffff:8.8.8.8]', true],
    ['[fe80::1]', true],
    ['backend', true],
    ['api.default.svc.cluster.local', true],
    ['metadata.google.internal', true],
    ['local', true],
    ['.local', true],
  ])('%s counts as production: %s', async (host, production) => {
    const auth = `http://${host}/`;
    if (!URL.canParse(auth)) throw new Error('no URL');
    expect((await resolved({ flags: { auth } })).production).toBe(production);
    expect((await resolved({ flags: { ...local, api: auth } })).production).toBe(production);
    expect((await resolved({ flags: { ...local, socket: auth.replace('http', 'ws') } })).production).toBe(production);
  });

  const far = { auth: 'https://example.com', api: 'https://api.example.com' };

  it('is what a flag says, and a variable can only protect', async () => {
    expect((await resolved({ flags: { ...far, production: false } })).production).toBe(false);
    expect((await resolved({ flags: { ...local, production: true } })).production).toBe(true);
    expect((await resolved({ flags: local, env: { LOCKSTEP_PRODUCTION: '1' } })).production).toBe(true);
    expect((await refusal({ flags: far, env: { LOCKSTEP_PRODUCTION: '0' } })).message).toContain('can only be true');
    const disagreeing = { flags: { ...local, production: false }, env: { LOCKSTEP_PRODUCTION: 'true' } };
    expect((await resolved(disagreeing)).production).toBe(false);
  });

  it('is none where somebody said so, and not only where it looks so', async () => {
    expect((await resolved({ flags: local })).vouched).toBeUndefined();
    expect((await resolved({ flags: { ...local, production: false } })).vouched).toBe(true);
    expect((await resolved({ file: { targets: { local: { ...local, production: false } } } })).vouched).toBe(true);
    const moved = { flags: local, file: { targets: { local: { ...far, production: false } } } };
    expect((await resolved(moved)).production).toBe(false);
    expect((await resolved({ flags: { ...far, production: true } })).vouched).toBeUndefined();
  });

  it('is what the file says, of addresses of the file', async () => {
    const file = { targets: { local: { ...far, production: false } } };
    expect((await resolved({ file })).production).toBe(false);
    expect((await resolved({ file: { targets: { local: { ...local, production: true } } } })).production).toBe(true);
  });

  it('is not what the file says, where a flag or a variable puts another address in its place', async () => {
    const file = { targets: { local: { ...local, production: false } } };
    expect((await resolved({ flags: { auth: far.auth }, file })).production).toBe(true);
    expect((await resolved({ env: { LOCKSTEP_API: far.api }, file })).production).toBe(true);
    expect((await resolved({ flags: { auth: 'http://localhost:4000' }, file })).production).toBe(false);
    expect((await resolved({ flags: { auth: far.auth, production: false }, file })).production).toBe(false);
  });
});
