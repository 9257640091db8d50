import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { rules } from 'virtual:rules';
import { describe, expect, it } from 'vitest';
import { lookAtCheckout } from '../../src/checkout/look.js';
import { withoutSecrets } from '../../src/checkout/place.js';
import type { Token } from '../../src/checkout/python/tokens.js';
import { linesOf } from '../../src/checkout/python/tokens.js';
import { diagnose } from '../../src/core/diagnosis.js';
import { readSourceTree } from '../../src/io/source-tree.js';
import fc from '../support/fast-check.js';
import { cases } from '../support/seed.js';
import { codesOf, evidenceOf, treeOf } from './tree.js';

const one = (name: string, text: string) => lookAtCheckout({ files: [{ path: name, text }], unread: [] });

describe('a file that cannot be read is told, and the others are read', () => {
  it.each([
    ['a.ts', 'import { betterAuth } from "better-auth";\nbetterAuth({', 'has a syntax error in line 2'],
    ['a.ts', 'betterAuth\0', 'holds null bytes'],
    ['a.js', `betterAuth;${'x=1;'.repeat(260_000)}`, 'is minified'],
    ['a.ts', `betterAuth(${'['.repeat(60_000)}\n`.replaceAll('[[[[', '[[[[\n'), /nested too deeply|syntax error/],
    ['a.ts', `betterAuth;\n${'('.repeat(9_000)}1${')'.repeat(9_000)}`, 'is nested too deeply'],
    ['a.py', 'import jwt\nx = """never closed\n', 'has a text without an end in line 2'],
    ['a.py', 'import jwt\nx = )\n', 'has a bracket too many in line 2'],
    ['a.py', `import jwt\nx = ${'('.repeat(50_000)}`, 'is nested too deeply'],
    ['a.py', `import jwt\nx = ${"f'{".repeat(5_000)}`, 'is nested too deeply'],
    ['a.py', 'import jwt\0', 'holds null bytes'],
    ['docker-compose.yml', 'traefik: [', 'is no YAML that can be parsed'],
    ['traefik.toml', 'routers = [', 'cannot be parsed'],
    [
      'traefik.yml',
      `a: &a [routers]\n${[...'bcdefghijk'].map((c, i) => `${c}: &${c} [${`*${'abcdefghij'[i]},`.repeat(9)}]`).join('\n')}\n`,
      'cannot be parsed',
    ],
  ])('%s %#', (name, text, why) => {
    const { files } = treeOf('quickstart');
    const seen = lookAtCheckout({ files: [...files, { path: name, text }], unread: [] });
    expect(seen.unread).toEqual([{ path: name, why: typeof why === 'string' ? why : expect.stringMatching(why) }]);
    expect(diagnose(rules, evidenceOf(seen)).verdicts).toHaveLength(5);
  });

  it.each([
    ['a.ts', '// SECRET\n', 'is larger than 128 KiB'],
    ['a.ts', 'betterAuth({});\n', 'is larger than 128 KiB, and sets up Better Auth or verifies tokens'],
    ['a.py', 'jwt.decode(x)\n', 'is larger than 128 KiB, and sets up Better Auth or verifies tokens'],
    ['traefik.yml', '# routers\n', 'is larger than 128 KiB'],
  ])('%s that is large: %j', (path, line, why) => {
    const text = line.repeat(Math.ceil((128 * 1024 + 1) / line.length));
    expect(one(path, text)).toEqual({ observations: [], unread: [{ path, why }] });
    // one that is as large as it may be
    const fits = `${line}${'\n'.repeat(128 * 1024)}`.slice(0, 128 * 1024);
    expect(one(path, fits).unread).toEqual([]);
  });

  it('the rest, where it is more than is parsed, or says more than is told', () => {
    const comment = `/*${`${'x'.repeat(127)}\n`.repeat(960)}*/`;
    const long = (n: number) => ({ path: `a${n}.ts`, text: `const SECRET = ${n};\n${comment}` });
    const many = { files: Array.from({ length: 137 }, (_, n) => long(n)), unread: [] };
    const said = [{ path: '.', why: 'says too much of tokens and secrets: the rest was not looked at' }];
    expect(lookAtCheckout(many).unread).toEqual(said);
    expect(lookAtCheckout({ ...many, files: many.files.slice(0, 130) }).unread).toEqual([]);
    const { observations, unread } = one('a.ts', "new WebSocket('/api/ws');\n".repeat(5_001));
    expect(observations).toHaveLength(5_000);
    expect(unread).toEqual([{ path: '.', why: 'says more than 5000 things: the rest was not looked at' }]);
  });

  it('what stands in other files is found again, however much was parsed in between', () => {
    for (const name of readdirSync(path.join(import.meta.dirname, 'trees')).map((each) => path.parse(each).name)) {
      const { files } = treeOf(name);
      const filler = (kind: string) =>
        Array.from({ length: 4 }, (_, n) => ({
          path: `filler/f${n}.${kind}`,
          text: (kind === 'py' ? '# jwt\nx = 1\n' : '// SECRET\nx = 1;\n').repeat(4_000),
        }));
      const among = files.flatMap((file) => [...filler('ts'), ...filler('py'), file]);
      const of = (tree: typeof files) => lookAtCheckout({ files: tree, unread: [] }).observations;
      expect(of([...new Map(among.map((file) => [file.path, file])).values()]), name).toEqual(of(files));
    }
  });

  it('whatever it is, nothing is thrown', () => {
    const pieces = [
      'betterAuth(',
      'import jwt\n',
      'jwt',
      '{',
      '}',
      '(',
      ')',
      '"',
      "'",
      '`',
      '${',
      'f"',
      '\\',
      '\n',
      '  ',
      ':',
      '=',
      'class A(',
      'traefik',
      'routers:',
      'location',
      '...',
      'async ',
      '<T>',
      '/',
      '#',
      '__proto__',
      ',',
      '.',
    ];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 40 })
      .map((parts) => parts.join(''));
    const name = fc.constantFrom('a.ts', 'a.tsx', 'a.js', 'a.py', 'compose.yml', 'traefik.toml', 'nginx.conf');
    fc.assert(
      fc.property(name, text, (file, content) => Array.isArray(one(file, `${content}\njwt`).observations)),
      { numRuns: cases(1_000) },
    );
  });

  it('names of objects are names like any other', () => {
    const label = '"traefik.http.routers.__proto__.rule=PathPrefix(`/x`)"';
    const { observations } = one(
      'compose.yml',
      `services:\n  a:\n    labels: [${label}]\n  __proto__:\n    labels: [${label}]\n`,
    );
    expect(observations.map(({ data }) => data.name)).toContain('__proto__');
    expect(({} as Record<string, unknown>).rule).toBeUndefined();
  });
});

describe('no secret of the source is shown', () => {
  const secret = fc.oneof(
    fc.stringMatching(/^[0-9a-f]{32,64}$/),
    fc.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    fc.stringMatching(/^[A-Za-z0-9_-]{24,43}$/),
    fc.stringMatching(/^[A-Z0-9_]{16,32}$/),
    fc.stringMatching(/^my-[a-z]{4,9}-secret-[0-9]{2,4}$/),
  );
  const tree = (text: string) => ({
    unread: [],
    files: [
      {
        path: 'web/auth.ts',
        text: `import { betterAuth } from 'better-auth';\nimport { jwt } from 'better-auth/plugins';\nconst s = process.env.BETTER_AUTH_SECRET || "${text}"; // ${text}\nexport const auth = betterAuth({ secret: s, plugins: [jwt({ secret: '${text}', expiresIn: \`${text}\` })] }); betterAuth({ secret: "${text}" /* ${text} */ });\nnew WebSocket('wss://x/ws?key=${text}');\n`,
      },
      {
        path: 'api/a.py',
        text: `import jwt, os\njwt.decode(t, os.getenv("JWT_SECRET", "${text}"), algorithms=["HS256"]) # ${text}\njwt.decode(t, '''${text}''', algorithms=["HS256"], options={"verify_signature": True})\n`,
      },
      {
        path: 'compose.yml',
        text: `services:\n  a:\n    environment: { BETTER_AUTH_SECRET: "${text}" }\n    labels: { traefik.http.routers.a.rule: "PathPrefix(\`/\`)", traefik.http.middlewares.b.basicauth.users: "a:${text}" }\n`,
      },
      {
        path: 'nginx.conf',
        text: `server { location /api { proxy_pass http://a; proxy_set_header X-Key "${text}"; } }\n`,
      },
    ],
  });

  it('in no observation, of any spelling', () => {
    fc.assert(
      fc.property(secret, (text) => {
        const seen = lookAtCheckout(tree(text));
        const kinds = seen.observations.map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === 'secret.literal')).toHaveLength(2);
        expect(kinds.filter((kind) => kind === 'secret.fallback')).toHaveLength(2);
        expect(JSON.stringify(seen)).not.toContain(text);
      }),
      { numRuns: cases(100) },
    );
  });

  it.each([
    ['jwt({ secret: "abc" }) // "x" y', 'ts', 'jwt({ secret: "…" })'],
    ["os.getenv('BETTER_AUTH_SECRET', 'dev') # no", 'py', "os.getenv('BETTER_AUTH_SECRET', '…')"],
    ["a['it\\'s'] = `x", 'ts', "a['…'] = `…`"],
    ["import { a } from 'better-auth/plugins'", 'ts', "import { a } from 'better-auth/plugins'"],
    [
      'algorithms=["HS256"], url="http://localhost:3000/api/auth/jwks"',
      'py',
      'algorithms=["HS256"], url="http://localhost:3000/api/auth/jwks"',
    ],
    ['"postgres://u:p@h/d", "https://u:p@h"', 'py', '"…", "…"'],
  ])('%s', (code, extension, shown) => {
    expect(withoutSecrets(code, extension)).toBe(shown);
  });
});

describe('real code', () => {
  it('of Better Auth itself and of its plugins is read, every file, and nothing is found in it', async () => {
    const entry = createRequire(import.meta.url).resolve('better-auth');
    const tree = await readSourceTree(path.dirname(entry));
    const seen = lookAtCheckout(tree);
    const { observations, unread } = seen;
    expect(tree.files.length).toBeGreaterThan(300);
    expect(unread).toEqual([]);
    expect(observations.some(({ kind }) => kind === 'token.signed')).toBe(true);
    expect(diagnose(rules, evidenceOf(seen)).verdicts).toEqual([]);
  });

  it('of the demo: its three instances are seen through a function and a spread', async () => {
    const tree = await readSourceTree(path.resolve(import.meta.dirname, '../../src/demo'));
    const { observations, unread } = lookAtCheckout(tree);
    const instances = observations.filter(({ kind }) => kind === 'auth.instance');
    expect(instances.map(({ path, data }) => [path, data.jwt, data.alg])).toEqual([
      ['auth/better-auth.ts', 'yes', 'EdDSA'],
      ['auth/better-auth.ts', 'yes', 'EdDSA'],
      ['auth/better-auth.ts', 'yes', 'EdDSA'],
    ]);
    expect(unread).toEqual([]);
    expect(codesOf(rules, tree)).toEqual([]);
  });

  const library = spawnSync('python3', ['-c', 'import tokenize; print(tokenize.__file__)'], { encoding: 'utf8' });
  it.skipIf(library.status !== 0)('of the library of Python is cut into the tokens that Python cuts', () => {
    const folder = path.dirname(library.stdout.trim());
    const names = readdirSync(folder)
      .filter((name) => name.endsWith('.py'))
      .filter((_, index) => index % 4 === 0);
    const script = `
import io, json, sys, tokenize
skip = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING}
out = {}
for name in sys.stdin.read().split():
    text = open(name, encoding='utf8', newline='').read()
    found, lines, depth = [], [], 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        start, end = 'FSTRING_START', 'FSTRING_END'
        kind = tokenize.tok_name[token.type]
        if kind == start: depth += 1; found.append(token.string)
        elif kind == end: depth -= 1
        elif token.type == tokenize.NEWLINE: lines.append(found); found = []
        elif token.type not in skip and depth == 0: found.append(token.string)
    out[name] = lines
print(json.dumps(out))`;
    const files = names.map((name) => path.join(folder, name));
    const asked = spawnSync('python3', ['-c', script], {
      input: files.join('\n'),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    expect(asked.stderr).toBe('');
    const said = JSON.parse(asked.stdout) as Record<string, string[][]>;
    expect(Object.keys(said).length).toBeGreaterThan(30);
    for (const [name, lines] of Object.entries(said)) {
      const text = readFileSync(name, 'utf8');
      const written = (token: Token) => text.slice(token.start, token.end);
      const ours = linesOf(text).map(({ tokens }) => tokens.map(written).join(' '));
      // Python 3.12 and later cut a formatted text into its parts
      const whole = lines.map((line) => line.join(' '));
      if (!/\b[rb]?f[rb]?["']/i.test(text)) expect(ours, name).toEqual(whole);
      else expect(ours.length, name).toBe(whole.length);
    }
  });
});
