import { inspect } from 'node:util';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/mistake.js';
import { parseConfig } from '../../src/config/parse.js';
import { database, email, password } from '../../src/config/reference.js';
import { schemaJson } from '../../src/config/schema-json.js';
import { settle } from '../../src/config/settle.js';
import { socketAuth } from '../../src/config/socket-auth.js';
import { baseUrl, itemPath, path, socketUrl } from '../../src/config/url.js';
import fc from '../support/fast-check.js';
import { cases } from '../support/seed.js';

const editor = new Ajv({ strict: false }).compile(JSON.parse(schemaJson()));

const some = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { requiredKeys: [] });
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const route = word.map((text) => `/api/${text}`);
const variable = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,12}$/);
const reference = variable.map((name) => `env:${name}`);
const base = fc
  .tuple(fc.constantFrom('http', 'https'), word, fc.constantFrom('', ':8080', '/v1'))
  .map(([scheme, host, rest]) => `${scheme}://${host}.test${rest}`)
  // `xn--` begins a name in Punycode (RFC 3492), and not every word goes on as one
  .filter((url) => URL.canParse(url));
const pointer = fc.array(word, { maxLength: 3 }).map((steps) => steps.map((step) => `/${step}`).join(''));
// JSON that survives a round trip: no -0, and no key that JavaScript would take for the prototype
const body = fc
  .jsonValue({ maxDepth: 2 })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'p')));

const user = fc.oneof(some({ email: fc.emailAddress(), password: reference }), fc.constant({ signUp: true as const }));
const service = fc.record(
  {
    dir: word,
    loader: fc.constantFrom('next', 'vite', 'python-dotenv'),
    env: fc.constantFrom('.env', '.env.local'),
    names: some({ secret: variable, database: variable }),
    driver: fc.constantFrom('pg', 'asyncpg', 'psycopg'),
  },
  { requiredKeys: ['dir'] },
);
const resource = fc.record(
  { name: word, collection: route, item: route.map((text) => `${text}/{id}`), id: pointer, create: body, update: body },
  { requiredKeys: ['name', 'collection'] },
);
const target = some({
  auth: base,
  api: base,
  database: fc.oneof(reference, fc.constant('postgresql://localhost/app')),
  token: some({ route, trust: fc.constantFrom('auto', 'jwks', 'shared-secret') }),
  users: some({ a: user, b: user }),
  routes: some({
    me: some({ get: route, identity: pointer }),
    resources: fc.array(resource, { maxLength: 3 }),
    stream: fc.record({ post: route, body, done: fc.string() }, { requiredKeys: ['post'] }),
    chatkit: route,
    socket: some({
      url: fc.oneof(
        route,
        base.map((url) => url.replace('http', 'ws')),
      ),
      auth: fc.constantFrom('query', 'query:t', 'subprotocol:app', 'header', 'message:{token}'),
      ack: body,
    }),
  }),
  production: fc.boolean(),
});
const config = some({
  $schema: fc.constant('./schema.json'),
  services: some({ frontend: service, backend: service }),
  targets: fc.dictionary(word, target, { maxKeys: 3 }),
});

/** The same settings as a person may have written them: indented or not, with comments and trailing commas. */
const written = fc
  .tuple(config, fc.constantFrom(undefined, 2, '\t'), fc.boolean())
  .map(([value, indent, decorated]) => {
    const text = JSON.stringify(value, null, indent);
    return { value, text: decorated ? `// mine\n${text.replace(/\}$/, ' /* end */}')}\n` : text };
  });

describe('lockstep.json that is right', () => {
  it('is read as it was written, and is right in an editor, too', () => {
    fc.assert(
      fc.property(written, ({ value, text }) => {
        const parsed = parseConfig({ name: 'f', text });
        expect(parsed.mistakes.map((m) => m.text)).toEqual([]);
        expect(JSON.stringify(parsed.config)).toBe(JSON.stringify(value));
        editor(value);
        expect(editor.errors).toBeNull();
      }),
      { numRuns: cases(300) },
    );
  });
});

/** One careless edit. */
const edit = fc.oneof(
  fc.record({ at: fc.nat(), cut: fc.nat({ max: 12 }), put: fc.constant('') }),
  fc.record({ at: fc.nat(), cut: fc.nat({ max: 2 }), put: fc.string({ maxLength: 4 }) }),
  fc.record({
    at: fc.nat(),
    cut: fc.constant(0),
    put: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', '/*', '\n', 'null', '3'),
  }),
);
const careless = (text: string, edits: readonly { at: number; cut: number; put: string }[]) =>
  edits.reduce((now, { at, cut, put }) => {
    const from = at % (now.length + 1);
    return now.slice(0, from) + put + now.slice(from + cut);
  }, text);

describe('lockstep.json after careless edits', () => {
  it('is settings, or has mistakes that lie in it, and never neither or both', () => {
    const seen = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(written, fc.array(edit, { minLength: 1, maxLength: 4 }), ({ text }, edits) => {
        const edited = careless(text, edits);
        const { config: read, mistakes } = parseConfig({ name: 'f', text: edited });
        expect(read === null).toBe(mistakes.length > 0);
        seen[read === null ? 'wrong' : 'right']++;
        const lines = edited.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
        for (const { origin, text: words, excerpt } of mistakes) {
          if (origin.kind !== 'file') throw new Error('a mistake of the file lies in the file');
          expect(words).not.toBe('');
          expect(excerpt).toMatch(/^ *\d+ \| .*\n +\| +\^+$/);
          expect(origin.line).toBeLessThanOrEqual(lines.length);
          expect(origin.column).toBeLessThanOrEqual((lines[origin.line - 1]?.length ?? 0) + 1);
        }
      }),
      { numRuns: cases(400) },
    );
    // both halves of the claim were put to the test
    expect(seen.right).toBeGreaterThan(20);
    expect(seen.wrong).toBeGreaterThan(20);
  });
});

describe('a secret', () => {
  const marked = fc.stringMatching(/^[0-9a-z]{12}$/).map((text) => `Kanarie${text}`);
  const full = (s: string) => ({
    targets: {
      local: {
        auth: `http://u:${s}@h.test`,
        api: `http://h.test/?${s}`,
        database: `postgresql://u:${s}@h.test/d`,
        token: { route: s, trust: s },
        users: { a: { email: 'a@a.test', password: s }, b: { email: `env:${s} `, password: `env:DB` } },
        routes: {
          me: { get: s, identity: s },
          resources: [{ name: 3, create: { title: s } }, s],
          socket: { auth: s, url: s },
        },
        production: s,
        tokne: { anything: s },
      },
    },
    $schema: `// ${s}`,
  });

  function messages(run: () => unknown): string {
    try {
      run();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return `${error.message} ${error.hint} ${JSON.stringify(error.mistakes)} ${inspect(error, { depth: null, showHidden: true })}`;
    }
    return '';
  }

  it('in a file is in no message, however the file is mangled', () => {
    let wrong = 0;
    fc.assert(
      fc.property(marked, fc.array(edit, { maxLength: 3 }), fc.constantFrom(undefined, 2), (canary, edits, indent) => {
        const text = careless(`// ${canary}\n${JSON.stringify(full(canary), null, indent)}`, edits);
        const told = messages(() => settle(parseConfig({ name: 'f', text }), {}, { DB: canary }));
        // an edit may cut the canary: half of it is as bad
        expect(told).not.toContain('Kanarie');
        expect(told).not.toContain(canary.slice(7));
        if (told !== '') wrong++;
      }),
      { numRuns: cases(400) },
    );
    expect(wrong).toBeGreaterThan(cases(350));
  });

  it('in a flag or a variable is in no message', () => {
    const bad: ((s: string) => [object, Record<string, string>])[] = [
      (s) => [{ auth: `http://u:${s}@h.test` }, {}],
      (s) => [{ auth: `http://h.test/?${s}`, api: `//${s}` }, {}],
      (s) => [{ auth: 'http://h.test' }, { LOCKSTEP_DATABASE: `mysql://u:${s}@h/d` }],
      (s) => [{ auth: 'http://h.test' }, { LOCKSTEP_DATABASE: `${s}` }],
      (s) => [{ auth: 'http://h.test' }, { LOCKSTEP_A_PASSWORD: s }],
      (s) => [{ auth: 'http://h.test' }, { LOCKSTEP_A_EMAIL: `${s} `, LOCKSTEP_PRODUCTION: s }],
      (s) => [{ auth: 'http://h.test', trust: s, me: s, tasks: s, socket: s, socketAuth: s, tokenRoute: s }, {}],
    ];
    fc.assert(
      fc.property(marked, fc.constantFrom(...bad), (canary, make) => {
        const [flags, env] = make(canary);
        const told = messages(() => settle(null, flags, env));
        expect(told).not.toBe('');
        expect(told).not.toContain(canary);
      }),
    );
  });
});

describe('what we accept', () => {
  const forms = { baseUrl, socketUrl, path, itemPath, socketAuth, password, email, database };
  const seeds = [
    'http://h.test',
    'HTTPS://h.test:8443/api/auth',
    'http://[::1]:3000/',
    'wss://h.test/ws?v=1',
    '/api/tasks/{id}?x',
    'env:NAME',
    'a@h.test',
    'postgresql+asyncpg://u@h/d?sslmode=require',
    'subprotocol:app.jwt',
    'message:{"t":"{token}"}',
  ];
  const pieces = [
    '://',
    ':',
    '/',
    '@',
    '?',
    '#',
    '99999',
    '{id}',
    '{token}',
    ' ',
    '\\',
    '\n',
    '%zz',
    'password=',
    'ü',
    '😀',
  ];
  const slip = fc.record({ at: fc.nat(), cut: fc.nat({ max: 3 }), put: fc.constantFrom('', '', ...pieces) });
  const text = fc
    .tuple(fc.constantFrom(...seeds), fc.array(slip, { maxLength: 3 }))
    .map(([seed, slips]) => careless(seed, slips));

  it('an editor accepts, too: a pattern is never stricter than we are', () => {
    const accepted = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(...Object.entries(forms)), text, ([name, { judge, pattern }], value) => {
        if (judge(value) !== null) return;
        accepted.add(name);
        // as JSON Schema reads it: Unicode-aware
        expect(value).toMatch(new RegExp(pattern, 'u'));
      }),
      { numRuns: cases(10_000) },
    );
    expect([...accepted].sort()).toEqual(Object.keys(forms).sort());
  });

  it('is an address that can be read', () => {
    fc.assert(
      fc.property(text, (value) => {
        if (baseUrl.judge(value) === null)
          expect(new URL(value)).toMatchObject({ username: '', password: '', search: '' });
      }),
      { numRuns: cases(2_000) },
    );
  });
});
