import { rules } from 'virtual:rules';
import { describe, expect, it } from 'vitest';
import { lookAtCheckout } from '../../src/checkout/look.js';
import { changed, codesOf, parseTree, treeOf } from './tree.js';

describe('a checkout', () => {
  it('of the quickstart as its users have it names all five mistakes, the one that breaks it first', () => {
    expect(codesOf(rules, treeOf('quickstart'))).toEqual([
      'algorithm-in-source.pinned',
      'session-jwt.token-route',
      'chatkit-options.wrapped',
      'jwt-options.ignored',
      'session-jwt.elsewhere',
    ]);
  });

  it('names each ignored option, and the right spelling', () => {
    const ignored = lookAtCheckout(treeOf('quickstart')).observations.filter(
      ({ kind }) => kind === 'jwt.option-ignored',
    );
    expect(
      ignored.map(({ path, line, column, data }) => [`${path}:${line}:${column}`, data.option, data.right]),
    ).toEqual([
      ['frontend/src/lib/auth-server.ts:25:9', 'expiresIn', 'write `jwt: { expirationTime }`'],
      [
        'frontend/src/lib/auth-server.ts:26:9',
        'algorithm',
        'write `jwks: { keyPairConfig: { alg } }`, where HS256 is not supported: the plugin signs with a key pair',
      ],
      ['frontend/src/lib/auth-server.ts:27:9', 'issuer', 'write `jwt: { issuer }`'],
    ]);
  });

  // what is known of each, so that silence is not that of somebody who saw nothing
  it.each([
    ['right', { jwt: 'yes', alg: 'EdDSA', issuer: 'phaseiii-app' }, ['PyJWT EdDSA jwks']],
    [
      'monorepo',
      { jwt: 'yes', alg: 'ES256', issuer: 'https://shop.example', audience: 'shop-api' },
      ['jose ES256 jwks'],
    ],
    ['own-signer', { jwt: 'no' }, ['python-jose HS256 secret']],
    [
      'commonjs',
      { jwt: 'yes', alg: 'EdDSA' },
      ['PyJWT EdDSA, ES256 jwks', 'PyJWT HS256 secret', 'jsonwebtoken HS256 secret'],
    ],
  ])('%s is understood, and nothing is found', (name, auth, verified) => {
    const { observations, unread } = lookAtCheckout(treeOf(name));
    expect(unread).toEqual([]);
    expect(observations.find(({ kind }) => kind === 'auth.instance')?.data).toMatchObject(auth);
    const calls = observations.filter(({ kind, side }) => kind === 'verify.call' && side === 'backend');
    expect(calls.map(({ data }) => `${data.library} ${data.algorithms} ${data.key}`)).toEqual(verified);
    expect(codesOf(rules, treeOf(name))).toEqual([]);
  });

  it.each([
    [
      'monorepo',
      'packages/auth/src/index.ts',
      "expirationTime: '15 minutes'",
      'expirationTime: 60 * 60',
      'jwt-options.expired',
    ],
    [
      'monorepo',
      'packages/auth/src/index.ts',
      "expirationTime: '15 minutes'",
      "expirationTime: '1h30m'",
      'jwt-options.unreadable-span',
    ],
    ['monorepo', 'packages/auth/src/index.ts', "alg: 'ES256'", "alg: 'HS256'", 'jwt-options.unsupported-algorithm'],
    [
      'monorepo',
      'packages/auth/src/index.ts',
      '{ audience, expirationTime',
      '{ audience, expiresIn',
      'jwt-options.ignored',
    ],
    ['monorepo', 'apps/api/src/verify.ts', "['ES256']", "['HS256']", 'algorithm-in-source.pinned'],
    [
      'monorepo',
      'apps/api/src/verify.ts',
      "issuer: 'https://shop.example'",
      "issuer: 'https://shop.example/'",
      'claims-in-source.issuer',
    ],
    ['monorepo', 'apps/api/src/verify.ts', 'audience, algo', "audience: 'shop', algo", 'claims-in-source.audience'],
    ['monorepo', 'apps/api/src/verify.ts', "'/api/auth/jwks'", "'/.well-known/jwks.json'", 'jwks-path.elsewhere'],
    ['monorepo', 'apps/web/lib/auth-client.ts', '[jwtClient()]', '[]', 'jwt-plugin.missing-on-client'],
    [
      'monorepo',
      'packages/auth/src/env.ts',
      'process.env.BETTER_AUTH_SECRET!',
      "'s3cr3t-s3cr3t'",
      'secret-in-source.literal',
    ],
    ['monorepo', 'packages/auth/src/env.ts', 'SECRET!', "SECRET || 'dev-only-secret'", 'secret-in-source.fallback'],
    ['monorepo', 'packages/auth/src/env.ts', 'env.BETTER', 'env.NEXT_PUBLIC_BETTER', 'secret-in-source.public'],
    ['monorepo', 'docker-compose.yml', 'PathPrefix(`/api`)', 'PathPrefix(`/rest`)', null],
    ['monorepo', 'nginx/nginx.conf', 'proxy_set_header Upgrade $http_upgrade;', '', 'socket-edge.no-upgrade'],
    [
      'right',
      'frontend/src/lib/auth-server.ts',
      'plugins: [',
      'plugins: [], unused: [',
      'jwt-plugin.missing-on-server',
    ],
    [
      'right',
      'backend/app/dependencies/auth.py',
      'audience="phaseiii-api",',
      '',
      'claims-in-source.audience-not-asked',
    ],
    ['right', 'backend/app/dependencies/auth.py', 'algorithms=["EdDSA"],', '', 'algorithm-in-source.unpinned'],
    [
      'right',
      'backend/app/dependencies/auth.py',
      'import jwt\n',
      'from jose import jwt\n',
      'algorithm-in-source.library-cannot',
    ],
    [
      'right',
      'backend/app/dependencies/auth.py',
      'algorithms=["EdDSA"],',
      'options={"verify_signature": False},',
      'verification-off.nothing-verified',
    ],
    [
      'own-signer',
      'api/main.py',
      'os.environ["BETTER_AUTH_SECRET"]',
      'base64.b64decode(os.environ["BETTER_AUTH_SECRET"])',
      'secret-decoded.one-side',
    ],
    [
      'own-signer',
      'api/main.py',
      'os.environ["BETTER_AUTH_SECRET"]',
      'os.getenv("BETTER_AUTH_SECRET", "change-me-in-production")',
      'secret-in-source.fallback',
    ],
    [
      'own-signer',
      'api/main.py',
      'os.environ["BETTER_AUTH_SECRET"]',
      '"a secret of two" " parts"',
      'secret-in-source.literal',
    ],
    ['own-signer', 'api/main.py', '("HS256",)', '("HS512",)', 'algorithm-in-source.own-signer'],
  ])('%s with a change of %s: %s -> %s', (name, file, from, to, code) => {
    expect(codesOf(rules, changed(treeOf(name), file, from, to))).toEqual(code === null ? [] : [code]);
  });

  it('whose edge leads the socket nowhere', () => {
    const { files } = treeOf('monorepo');
    const text = files.find(({ path }) => path === 'docker-compose.yml')?.text ?? '';
    const moved = {
      files: files.map((file) =>
        file.text === text ? { ...file, text: text.replaceAll('PathPrefix(`/api', 'PathPrefix(`/rest') } : file,
      ),
      unread: [],
    };
    expect(codesOf(rules, moved)).toEqual(['socket-edge.not-routed']);
  });

  it('tells forward authentication, replicas and stickiness of a router', () => {
    const routers = lookAtCheckout(treeOf('monorepo')).observations.filter(({ kind }) => kind === 'edge.router');
    expect(routers.map(({ data }) => [data.name, data.socket, data.forwardAuth, data.replicas, data.sticky])).toEqual([
      ['api', 'yes', 'yes', 2, true],
      ['ws', 'yes', 'no', 2, true],
    ]);
  });

  it('takes the sides from lockstep.json where it names them', () => {
    const tree = parseTree(
      "=== a/auth.ts\nimport { betterAuth } from 'better-auth';\nbetterAuth({});\n=== b/verify.ts\nimport { jwtVerify } from 'jose';\njwtVerify(t, k, {});\n",
    );
    const sides = (known = {}) => lookAtCheckout(tree, known).observations.map(({ path, side }) => `${path} ${side}`);
    expect(new Set(sides())).toEqual(new Set(['a/auth.ts frontend', 'b/verify.ts backend']));
    expect(sides({ frontend: 'b', backend: 'c' })).toContain('b/verify.ts frontend');
  });
});

describe('what cannot be known is not guessed', () => {
  const auth = (options: string, before = '') =>
    parseTree(
      `=== web/auth.ts\nimport { betterAuth } from 'better-auth';\nimport { jwt } from 'better-auth/plugins';\n${before}\nexport const auth = betterAuth(${options});\n=== api/a.py\nimport jwt\nimport os\njwt.decode(t, os.environ["BETTER_AUTH_SECRET"], algorithms=["HS256"])\n`,
    );
  const seen = (tree: ReturnType<typeof auth>) =>
    lookAtCheckout(tree).observations.find(({ kind }) => kind === 'auth.instance')?.data.jwt;

  it.each([
    ['plugins of a package', '{ plugins: shared }', "import { shared } from '@company/auth';", 'unknown'],
    [
      'options of a function with two ends',
      '{ ...make() }',
      'function make() { if (x) return { plugins: [jwt()] }; return {}; }',
      'unknown',
    ],
    ['a plugin under a condition', '{ plugins: [...(x ? [jwt()] : [])] }', '', 'maybe'],
    ['a plugin under &&', '{ plugins: [x && jwt()].filter(Boolean) }', '', 'maybe'],
    ['a list of which a part is unknown', '{ plugins: [...more()] }', "import { more } from './missing';", 'unknown'],
    [
      'options that something unknown may replace',
      '{ plugins: [jwt()], ...more }',
      "import { more } from 'other';",
      'yes',
    ],
    [
      'a name of two scopes',
      '{ plugins }',
      'function a() { const plugins = [jwt()]; }\nfunction b(plugins) {}',
      'unknown',
    ],
    ['a jwt of somebody else', '{ plugins: [own()] }', "import { jwt as own } from 'elsewhere';", 'no'],
  ])('%s: %s', (_, options, before, jwt) => {
    expect(seen(auth(options, before))).toBe(jwt);
  });

  it.each([
    ['a plugin that may not be there', '{ plugins: [...(x ? [jwt()] : [])] }'],
    [
      'options of a custom signer',
      '{ plugins: [jwt({ jwks: { remoteUrl: "x", keyPairConfig: { alg: "EdDSA" } }, jwt: { sign } })] }',
    ],
    ['options that cannot be seen', '{ plugins: [jwt(options)] }'],
    ['a session cookie that is a token', '{ plugins: [jwt()], session: { cookieCache: { strategy: "jwt" } } }'],
  ])('no verdict on %s', (_, options) => {
    expect(codesOf(rules, auth(options))).toEqual([]);
    // the control: without that, there is one
    expect(codesOf(rules, auth('{ plugins: [jwt()] }'))).toEqual(['algorithm-in-source.pinned']);
  });

  it('a session of somebody else has what it has', () => {
    const page = (more: string) =>
      parseTree(
        `=== web/auth.ts\nimport { betterAuth } from 'better-auth';\n${more}\nexport const auth = betterAuth({});\n=== web/page.ts\nimport { auth } from './auth';\nconst s = await auth.api.getSession({});\nuse(s.jwt);\n`,
      );
    expect(codesOf(rules, page(''))).toEqual(['session-jwt.elsewhere']);
    expect(codesOf(rules, page("import { customSession } from 'better-auth/plugins';"))).toEqual([]);
  });

  it.each([
    [
      'of Google',
      'jwt.decode(t, keys.get_signing_key_from_jwt(t).key, algorithms=["RS256"], audience="x", issuer="https://accounts.google.com")\nkeys = jwt.PyJWKClient("https://www.googleapis.com/oauth2/v3/jwks")',
    ],
    ['of Supabase', 'import os\njwt.decode(t, os.environ["SUPABASE_JWT_SECRET"], algorithms=["HS256"])'],
    [
      'of Auth0',
      'import os\nkeys = jwt.PyJWKClient(f"https://{os.environ[\'AUTH0_DOMAIN\']}/.well-known/jwks.json")\njwt.decode(t, keys.get_signing_key_from_jwt(t).key, algorithms=["RS256"])',
    ],
    ['of webhooks', 'import os\njwt.decode(t, os.environ["HOOK_SECRET"], algorithms=["HS256"])'],
    ['whose key nobody knows', 'jwt.decode(t, key(), algorithms=["RS256"])'],
  ])('tokens %s are not those of the frontend', (_, python) => {
    const { files } = auth('{ plugins: [jwt()] }');
    const api = { path: 'api/a.py', text: `import jwt\n${python}\n` };
    const tree = { files: [...files.filter(({ path }) => path !== api.path), api], unread: [] };
    expect(lookAtCheckout(tree).observations.filter(({ kind }) => kind === 'verify.call')).toHaveLength(1);
    expect(codesOf(rules, tree)).toEqual([]);
  });

  it.each([
    ['jwt.decode(t, k, **more)', 'unknown'],
    ['jwt.decode(t, k, options=more)', 'unknown'],
    ['jwt.decode(t, k, algorithms=[more])', 'unknown'],
    ['jwt.decode(t, k, algorithms=getattr(settings, "A", ["HS256"]))', 'unknown'],
    ['jwt.decode(t, k)', 'unpinned'],
    ['jwt.decode(t, k, ["ES256"])', 'ES256'],
    ['A = "EdDSA"\njwt.decode(\n  t, # a, comment\n  k,\n  algorithms=(A, "ES" "256"),\n)', 'EdDSA, ES256'],
  ])('%s: %s', (python, algorithms) => {
    const { observations } = lookAtCheckout({ files: [{ path: 'a.py', text: `import jwt\n${python}\n` }], unread: [] });
    expect(observations.map(({ kind, data }) => [kind, data.algorithms])).toEqual([['verify.call', algorithms]]);
  });

  it('a second server that lets the socket through may be the one that counts', () => {
    const tree = changed(
      treeOf('monorepo'),
      'nginx/nginx.conf',
      '    listen 80;',
      '    listen 80;\n  }\n  server {\n    location / { proxy_pass http://admin; }\n  }\n  server {',
    );
    expect(codesOf(rules, tree)).toEqual([]);
  });

  it('the newest and the oddest TypeScript is read', () => {
    const odd = [
      'using r = open();',
      'export = {} as unknown;',
      'const twice = 1; const twice = 2;',
      'enum Role { admin = "admin" }',
      'namespace N { export declare const x: unique symbol; }',
      'abstract class A<in out T> { constructor(@Inject() private readonly y: T) {} @dec() accessor z = 1; declare w: this is A<T>; }',
      'export type O = Parameters<typeof betterAuth>[0] extends infer T extends object ? T : never;',
      'import data from "./d.json" with { type: "json" };',
      'const f = async <const T,>(x: T) => <Q>x!;',
    ];
    const tree = auth('{ plugins: [jwt()] }', odd.join('\n'));
    expect(lookAtCheckout(tree).unread).toEqual([]);
    expect(seen(tree)).toBe('yes');
  });

  it('a made-up secret of a second instance is no secret, and that of the only one is', () => {
    const { files } = auth('{ secret: "made-up" }');
    const web = files.filter(({ path }) => path === 'web/auth.ts');
    const second = web.map(({ text }) => ({ path: 'web/auth.cli.ts', text }));
    const first = web.map((file) => ({ ...file, text: file.text.replace('secret: "made-up"', '') }));
    expect(codesOf(rules, { files: [...first, ...second], unread: [] })).toEqual([]);
    expect(codesOf(rules, { files: web, unread: [] })).toEqual(['secret-in-source.literal']);
  });

  it('tests and examples hold wrong things on purpose', () => {
    const { files } = treeOf('quickstart');
    for (const folder of ['test/', 'apps/x/__tests__/', 'examples/'])
      expect(
        codesOf(rules, { files: files.map((file) => ({ ...file, path: `${folder}${file.path}` })), unread: [] }),
      ).toEqual([]);
  });
});
