import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { main } from '../../../src/main.js';
import { mintToken } from '../../../src/token/mint.js';
import { randomBytes } from '../../support/chance.js';
import { hs256 } from '../../support/deployment.js';
import { type FakeWorldOptions, fakeWorld } from '../../support/fake-world.js';
import { pairFor } from '../../token/keys.js';

const secret = randomBytes(32).toString('hex');
const now = Date.UTC(2026, 10, 21, 12);
const seconds = now / 1000;
const good = hs256({ sub: 'a', exp: seconds + 60, aud: 'http://x' }, secret);

async function lockstep(args: string[], options: FakeWorldOptions = {}) {
  const world = fakeWorld({
    input: '',
    ...options,
    files: { '/project/s': secret, '/project/s-nl': `${secret}\n`, ...options.files },
  });
  const code = await main(['token', ...args], world);
  return { code, out: world.out(), err: world.err(), sent: world.sent };
}

function payload(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

describe('lockstep token verify', () => {
  it('0 for a valid token, 1 for one with a fault, in the shape of every report', async () => {
    const valid = await lockstep(['verify', '--secret-file', 's', '--aud', 'http://x', '--json', '-'], {
      input: [good],
    });
    expect(valid.code).toBe(0);
    expect(JSON.parse(valid.out)).toMatchObject({
      schemaVersion: 1,
      command: 'token verify',
      outcome: 'ok',
      results: [{ check: 'token/verify', verdict: 'pass', findings: [] }],
      claims: { sub: 'a' },
    });
    const wrong = await lockstep(['verify', '--secret-file', 's', '--aud', 'http://y', '--json'], { input: [good] });
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.out)).toMatchObject({
      outcome: 'problems',
      results: [
        { verdict: 'fail', findings: [{ code: 'token/verify.aud', data: { aud: 'http://x', expected: 'http://y' } }] },
      ],
    });
    expect(JSON.parse(wrong.out)).not.toHaveProperty('claims');
  });

  it('the token from a file, in pieces, or with a newline that is left out and told', async () => {
    expect((await lockstep(['verify', '--secret-file', 's', 't'], { files: { '/project/t': good } })).code).toBe(0);
    expect((await lockstep(['verify', '--secret-file', 's', '-'], { input: [...good] })).code).toBe(0);
    const told = await lockstep(['verify', '--secret-file', 's-nl', '-'], { input: [`${good}\r\n`] });
    expect(told.code).toBe(0);
    expect(told.err.match(/newline/g)).toHaveLength(2);
    const two = await lockstep(['verify', '--secret-file', 's', '-'], { input: [`${good}\n\n`] });
    expect(two.code).toBe(1);
  });

  it('secrets by variable, by versions, by env file and its loader', async () => {
    const by = (args: string[], options: FakeWorldOptions = {}) =>
      lockstep(['verify', ...args, '-'], { input: [good], ...options }).then(({ code }) => code);
    expect(await by(['--secret-env', 'X'], { env: { X: secret } })).toBe(0);
    expect(await by(['--secret-env', 'BETTER_AUTH_SECRETS'], { env: { BETTER_AUTH_SECRETS: `2:${secret},1:x` } })).toBe(
      0,
    );
    expect(await by(['--secret-env', 'BETTER_AUTH_SECRETS'], { env: { BETTER_AUTH_SECRETS: `2:x,1:${secret}` } })).toBe(
      1,
    );
    expect(await by([], { env: { BETTER_AUTH_SECRET: secret } })).toBe(0);
    const cut = hs256({ sub: 'a', exp: seconds + 60 }, 'abc#def');
    const files = { '/project/.env': 'BETTER_AUTH_SECRET=abc#def\n' };
    const read = async (loader: string) =>
      (await lockstep(['verify', '--env-file', '.env', '--loader', loader, '-'], { input: [cut], files })).code;
    expect(await read('python-dotenv')).toBe(0);
    expect(await read('pydantic-settings')).toBe(0);
    expect(await read('next')).toBe(1);
    expect(await by(['--env-file', '.env', '--name', 'JWT'], { files: { '/project/.env': `JWT=${secret}` } })).toBe(0);
  });

  it('keys of a JWKS by URL: picked by kid, asked for once more when the kid is unknown', async () => {
    const pair = pairFor('ES256');
    const token = mintToken({ signer: { alg: 'ES256', key: pair.signs, kid: 'new' }, now, claims: { sub: 'a' } });
    const jwks = (kid: string) => ({
      status: 200,
      json: { keys: [{ ...pair.verifies.export({ format: 'jwk' }), kid }] },
    });
    const args = ['verify', '--auth', 'http://auth.test', '--json', '-'];
    const path = 'GET /api/auth/jwks';
    expect(await lockstep(args, { input: [token], script: { [path]: jwks('new') } })).toMatchObject({
      code: 0,
      sent: [path],
    });
    const rotated = { [path]: (_: unknown, times: number) => jwks(times === 0 ? 'old' : 'new') };
    expect(await lockstep(args, { input: [token], script: rotated })).toMatchObject({ code: 0, sent: [path, path] });
    const unknown = await lockstep(args, { input: [token], script: { [path]: jwks('old') } });
    expect(unknown).toMatchObject({ code: 1, sent: [path, path] });
    expect(unknown.out).toContain('token/verify.unknown-kid');
    const file = { '/project/jwks.json': JSON.stringify(jwks('new').json) };
    expect((await lockstep(['verify', '--jwks', 'jwks.json', '-'], { input: [token], files: file })).code).toBe(0);
  });

  it.each([
    ['nobody answers', 'no answer' as const],
    ['404', { status: 404 }],
    ['HTML', { status: 200, text: '<html>' }],
    ['no keys', { status: 200, json: { keys: [] } }],
    ['only a shared secret', { status: 200, json: { keys: [{ kty: 'oct', k: 'AAAA' }] } }],
    ['70 KB', { status: 200, json: { keys: [], pad: 'x'.repeat(70_000) } }],
  ])('3 when the keys cannot be had: %s', async (_, reply) => {
    const ended = await lockstep(['verify', '--jwks', 'http://a.test/jwks', '-'], {
      input: [good],
      script: { 'GET /jwks': reply },
    });
    expect(ended).toMatchObject({ code: 3, out: '' });
  });

  it.each([
    ['no key named', ['verify', '-']],
    ['two secrets', ['verify', '--secret-file', 's', '--secret-env', 'X', '-']],
    ['both on standard input', ['verify', '--secret-file', '-', '-']],
    ['leeway beyond 5 minutes', ['verify', '--secret-file', 's', '--leeway', '301s', '-']],
    ['leeway that is no time', ['verify', '--secret-file', 's', '--leeway', 'x', '-']],
    ['an algorithm that is none', ['verify', '--secret-file', 's', '--alg', 'none', '-']],
    ['a file that is not there', ['verify', '--secret-file', 'nope', '-']],
    ['an unknown loader', ['verify', '--env-file', 'e', '--loader', 'x', '-']],
    ['an unknown verb', ['verfy']],
  ])('2 for a mistake of the command line: %s', async (_, args) => {
    expect(await lockstep(args, { input: [good], files: { '/project/e': 'A=b' } })).toMatchObject({ code: 2, out: '' });
  });

  it('leeway of 5 minutes at most, applied', async () => {
    const late = hs256({ exp: seconds - 299 }, secret);
    expect((await lockstep(['verify', '--secret-file', 's', '--leeway', '5m', '-'], { input: [late] })).code).toBe(0);
    expect((await lockstep(['verify', '--secret-file', 's', '-'], { input: [late] })).code).toBe(1);
  });

  it('other algorithms by the secret only where they are named', async () => {
    const pair = pairFor('HS512');
    const token = mintToken({ signer: { alg: 'HS512', key: pair.signs, kid: null }, now, claims: {} });
    const files = { '/project/k': pair.signs.export().toString() };
    const code = async (...args: string[]) =>
      (await lockstep(['verify', '--secret-file', 'k', ...args, '-'], { input: [token], files })).code;
    expect(await code()).toBe(1);
    expect(await code('--alg', 'HS512')).toBe(0);
    expect(await code('--alg', 'HS256')).toBe(1);
  });
});

describe('lockstep token mint', () => {
  it('60 seconds of exactly the asked subject, as an own token route makes it', async () => {
    const { out, code } = await lockstep(['mint', '--secret-file', 's', '--sub', 'user-1']);
    expect(code).toBe(0);
    const { payload: seen, protectedHeader } = await jwtVerify(out.trim(), Buffer.from(secret), {
      currentDate: new Date(now),
    });
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(seen).toEqual({ iat: seconds, exp: seconds + 60, type: 'access', sub: 'user-1' });
  });

  it('claims as given, values as JSON or text, the last word theirs', async () => {
    const { out } = await lockstep(
      [
        'mint',
        '--secret-env',
        'X',
        '--sub',
        'a',
        '--ttl',
        '1h30m',
        '--iss',
        'i',
        '--aud',
        'b',
        '--aud',
        'c',
        '--claim',
        'n=7',
        '--claim',
        'o={"a":[1]}',
        '--claim',
        't=a=b',
        '--claim',
        'type=refresh',
        '--claim',
        'empty=',
      ],
      { env: { X: secret } },
    );
    expect(payload(out)).toEqual({
      iat: seconds,
      exp: seconds + 5400,
      type: 'refresh',
      sub: 'a',
      iss: 'i',
      aud: ['b', 'c'],
      n: 7,
      o: { a: [1] },
      t: 'a=b',
      empty: '',
    });
  });

  it.each([
    ['--expired', 'expired'],
    ['--not-yet', 'not-yet'],
    ['--wrong-aud', 'aud'],
    ['--wrong-key', 'bad-signature'],
    ['--alg-none', 'alg-none'],
    ['--no-exp', 'no-exp'],
  ])('%s gives a token with that fault and no other', async (flag, fault) => {
    const minted = await lockstep(['mint', '--secret-file', 's', '--sub', 'a', '--aud', 'http://x', '--yes', flag]);
    expect(minted.code).toBe(0);
    const args = ['verify', '--secret-file', 's', '--aud', 'http://x', '--json', '-'];
    const { out, code } = await lockstep(args, { input: [minted.out.trim()] });
    expect(code).toBe(1);
    expect(JSON.parse(out).results[0].findings.map((finding: { code: string }) => finding.code)).toEqual([
      `token/verify.${fault}`,
    ]);
  });

  it.each([
    ['a lifetime beyond 24 h', ['--ttl', '24h1s']],
    ['the same by a claim', ['--claim', `exp=${seconds + 90_000}`]],
    ['a lifetime without end', ['--no-exp']],
    ['a production target', ['--auth', 'https://app.example', '--confirm', 'other']],
  ])('5 without consent: %s', async (_, args) => {
    expect(await lockstep(['mint', '--secret-file', 's', '--sub', 'a', ...args])).toMatchObject({ code: 5, out: '' });
  });

  it('24 h needs no consent; more goes with --yes; production with its name', async () => {
    const code = async (...args: string[]) =>
      (await lockstep(['mint', '--secret-file', 's', '--sub', 'a', ...args])).code;
    expect(await code('--ttl', '24h')).toBe(0);
    expect(await code('--ttl', '48h', '--yes')).toBe(0);
    const refused = await lockstep(['mint', '--secret-file', 's', '--sub', 'a', '--auth', 'https://app.example']);
    const name = /--confirm (\S+)/.exec(refused.err)?.[1] ?? '';
    expect(name).not.toBe('');
    expect(await code('--auth', 'https://app.example', '--confirm', name)).toBe(0);
    expect(await code('--auth', 'https://app.example', '--yes')).toBe(5);
  });

  it.each([
    ['no secret', ['--sub', 'a']],
    ['both --sub and --as', ['--secret-file', 's', '--sub', 'a', '--as', 'b@c']],
    ['a lifetime of nothing', ['--secret-file', 's', '--ttl', '0']],
    ['a claim that is none', ['--secret-file', 's', '--claim', 'x']],
    ['an algorithm that no row has', ['--secret-file', 's', '--alg', 'HS512']],
    ['an empty secret', ['--secret-file', 'empty']],
    ['no database', ['--secret-file', 's', '--database', '--sub', 'a']],
  ])('2 for a mistake: %s', async (_, args) => {
    expect(await lockstep(['mint', ...args], { files: { '/project/empty': '\n' } })).toMatchObject({
      code: 2,
      out: '',
    });
  });
});

describe('lockstep token which', () => {
  it('names the file and the variant', async () => {
    const running = hs256({ sub: 'a' }, `${secret}\n`);
    const files = {
      '/project/backend/.env': `BETTER_AUTH_SECRET=${secret}\n`,
      '/project/other.env': 'BETTER_AUTH_SECRET=other\n',
    };
    const { out, code } = await lockstep(['which', '--env-file', 'other.env', '--env-file', 'backend/.env', '-'], {
      input: [running],
      files,
    });
    expect(code).toBe(0);
    expect(out).toBe('1  HS256 token: signed with the value of backend/.env with a trailing newline\n');
  });

  it('names the loaders that read a file so', async () => {
    const files = { '/project/.env': 'BETTER_AUTH_SECRET=abc#def\n' };
    const which = async (value: string) =>
      (await lockstep(['which', '--env-file', '.env', '-'], { input: [hs256({}, value)], files })).out;
    expect(await which('abc')).toMatch(/\.env as next, vite, dotenv, .* read it/);
    expect(await which('abc#def')).toMatch(/\.env as python-dotenv, .*bash, .* read it/);
  });

  it("knows Better Auth's public default secret", async () => {
    const { out } = await lockstep(['which', '--secret-file', 's', '-'], {
      input: [hs256({}, 'better-auth-secret-12345678901234567890')],
    });
    expect(out).toContain("Better Auth's public default secret");
  });

  it('many, plain and NDJSON, with empty and unreadable ones, a line for each', async () => {
    const other = hs256({ sub: 'b' }, 'other');
    const stdin = [`${good}\n\n{"token":"${good}","user":1}\n"${other}"\r\nrubbish\n{"x":1}\n${good}`];
    const { out, code } = await lockstep(['which', '--secret-file', 's', '--json', '-'], { input: stdin });
    expect(code).toBe(1);
    const found = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(found.map(({ line, outcome }) => [line, outcome])).toEqual([
      [1, 'ok'],
      [3, 'ok'],
      [4, 'problems'],
      [5, 'problems'],
      [6, 'problems'],
      [7, 'ok'],
    ]);
    expect(out).not.toContain(good.slice(0, 30));
  });

  it('a line without end is passed over in bounded memory, and the next one is read', async () => {
    const stdin = [...Array.from({ length: 40 }, () => 'A'.repeat(10_000)), `\n${good}\n`];
    const { out, code } = await lockstep(['which', '--secret-file', 's', '--json', '-'], { input: stdin });
    expect(code).toBe(1);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).outcome),
    ).toEqual(['problems', 'ok']);
  });

  it('3 when there was no token at all, 2 when there is nothing to try', async () => {
    expect(await lockstep(['which', '--secret-file', 's', '-'], { input: ['\n \n'] })).toMatchObject({
      code: 3,
      out: '',
    });
    expect(await lockstep(['which', '-'], { input: [good] })).toMatchObject({ code: 2, out: '' });
    expect(
      await lockstep(['which', '--env-file', 'e', '-'], { input: [good], files: { '/project/e': 'A=b' } }),
    ).toMatchObject({ code: 2 });
  });
});

describe('lockstep token decode', () => {
  it('header, claims and dates in words, plainly not verified', async () => {
    const { out, code } = await lockstep(['decode', '-'], { input: [good] });
    expect(code).toBe(0);
    expect(out).toContain('not verified');
    expect(out).toContain('2026-11-21T12:01:00Z, in 1m');
    const json = await lockstep(['decode', '--json', '-'], { input: [good] });
    expect(JSON.parse(json.out)).toMatchObject({
      verified: false,
      header: { alg: 'HS256' },
      claims: { sub: 'a' },
      outcome: 'ok',
    });
  });

  it('what cannot be read is 1, with a code', async () => {
    const { out, code } = await lockstep(['decode', '-'], { input: ['a.b'] });
    expect(code).toBe(1);
    expect(out).toContain('token/verify.not-three-parts');
  });

  it('a claim cannot move the cursor, and long ones are shown whole', async () => {
    const note = `${'\u001b[2J\u009b31m\u202e'}${'x'.repeat(500)}`;
    const { out } = await lockstep(['decode', '-'], { input: [hs256({ note, exp: 1e10 }, secret)] });
    expect(out).toContain('x'.repeat(500));
    for (const mark of ['\u001b', '\u009b', '\u202e']) expect(out).not.toContain(mark);
  });
});

describe('no secret and no token is given away', () => {
  it.each([
    ['a token as argument', ['verify', '--secret-file', 's', good], 2],
    ['a token as argument of decode', ['decode', good], 2],
    ['a cookie as argument', ['decode', `better-auth.session_token=${good}`], 2],
    ['a secret as the value of a flag that is not there', ['mint', `--secret=${secret}`], 2],
    ['a secret as a file name of tokens', ['which', '--secret-file', 's', secret], 2],
  ])('%s is refused and not repeated', async (_, args, code) => {
    const ended = await lockstep(args);
    expect(ended.code).toBe(code);
    for (const text of [ended.out, ended.err]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(good.split('.')[1]);
    }
  });

  it('a token as argument with --allow-argv', async () => {
    expect((await lockstep(['verify', '--allow-argv', '--secret-file', 's', good])).code).toBe(0);
    expect((await lockstep(['decode', '--allow-argv', good])).code).toBe(0);
  });

  it('neither a secret nor its parts in any output of any verb, right or wrong', async () => {
    const env = { X: `1:${secret},bad-${secret}`, BETTER_AUTH_SECRETS: `bad-${secret}` };
    const files = {
      '/project/.env': `BETTER_AUTH_SECRET="${secret}`,
      '/project/j': `{"keys":[{"kty":"oct","k":"${secret}"}]}`,
    };
    for (const args of [
      ['verify', '--secret-file', 's', '-'],
      ['verify', '--secret-env', 'BETTER_AUTH_SECRETS', '-'],
      ['verify', '--env-file', '.env', '--json', '-'],
      ['verify', '--jwks', 'j', '--json', '-'],
      ['which', '--secret-env', 'X', '--secret-file', 's', '--env-file', '.env', '-'],
      ['mint', '--secret-env', 'BETTER_AUTH_SECRETS', '--sub', 'a'],
    ]) {
      const { out, err } = await lockstep(args, { input: [good], env, files });
      expect(out + err, args.join(' ')).not.toContain(secret);
      expect(out + err).not.toContain(good.split('.')[2]);
    }
  });

  it('nobody is asked where there is no terminal: 5, naming what to give', async () => {
    const ended = await lockstep(['fetch', '--auth', 'http://auth.test']);
    expect(ended).toMatchObject({ code: 5, out: '', sent: [] });
    expect(ended.err).toContain('LOCKSTEP_A_PASSWORD');
  });
});

describe('lockstep token fetch', () => {
  const env = {
    LOCKSTEP_AUTH: 'http://auth.test',
    LOCKSTEP_A_EMAIL: 'a@x.test',
    LOCKSTEP_A_PASSWORD: 'password-of-a',
    LOCKSTEP_B_EMAIL: 'b@x.test',
    LOCKSTEP_B_PASSWORD: 'password-of-b',
  };
  const session = (email: string) => ({
    'POST /api/auth/sign-in/email': ({
      body = '',
      headers,
    }: {
      body?: string;
      headers: Readonly<Record<string, string>>;
    }) => {
      expect(headers.origin).toBe('http://auth.test');
      return JSON.parse(body).email === email
        ? { status: 200, json: { user: { id: 'a' } }, headers: [['set-cookie', 's=1; Path=/']] as const }
        : { status: 401, json: { code: 'INVALID_EMAIL_OR_PASSWORD' } };
    },
    'GET /api/auth/get-session': ({ headers }: { headers: Readonly<Record<string, string>> }) =>
      headers.cookie === undefined ? { status: 200, json: null } : { status: 200, json: { user: { id: 'a', email } } },
  });

  it('prints the bare token of the asked user, and nothing else', async () => {
    const script = { ...session('b@x.test'), 'GET /api/auth/token': { status: 200, json: { token: good } } };
    expect(await lockstep(['fetch', '--as', 'b'], { env, script })).toMatchObject({
      code: 0,
      out: `${good}\n`,
      err: '',
    });
  });

  it('asks at a terminal for a user that nothing names, unless --no-input', async () => {
    const script = { ...session('asked@x.test'), 'GET /api/auth/token': { status: 200, json: { token: good } } };
    const answers = { 'E-mail address': 'asked@x.test', 'Password of asked@x.test': 'typed-password' };
    const options = { env: { LOCKSTEP_AUTH: 'http://auth.test' }, script, answers };
    expect(await lockstep(['fetch'], options)).toMatchObject({ code: 0, out: `${good}\n` });
    expect(await lockstep(['fetch', '--no-input'], options)).toMatchObject({ code: 5, sent: [] });
  });

  it('waits as long as X-Retry-After says, once', async () => {
    const limited = { status: 429, json: { message: 'x' }, headers: [['x-retry-after', '2']] as const };
    const { 'POST /api/auth/sign-in/email': signIn, ...rest } = session('a@x.test');
    const token = { 'GET /api/auth/token': { status: 200, json: { token: good } } };
    const patient = {
      ...rest,
      ...token,
      'POST /api/auth/sign-in/email': (request: Parameters<typeof signIn>[0], times: number) =>
        times === 0 ? limited : signIn(request),
    };
    expect(await lockstep(['fetch'], { env, script: patient })).toMatchObject({ code: 0, out: `${good}\n` });
    const never = { ...rest, ...token, 'POST /api/auth/sign-in/email': limited };
    expect(await lockstep(['fetch'], { env, script: never })).toMatchObject({ code: 3, out: '' });
  });

  it('a refused sign-in and a missing token are told, with their codes; nothing on stdout', async () => {
    const refused = await lockstep(['fetch'], { env, script: session('somebody@else.test') });
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toContain('INVALID_EMAIL_OR_PASSWORD');
    expect(refused.err).not.toContain('password-of-a');
    const broken = { ...session('a@x.test'), 'GET /api/auth/token': { status: 500 } };
    const crashed = await lockstep(['fetch'], { env, script: broken });
    expect(crashed).toMatchObject({ code: 1, out: '' });
    expect(crashed.err).toContain('token/fetch.crashed');
    expect(await lockstep(['fetch', '--as', 'c'], { env })).toMatchObject({ code: 2, sent: [] });
  });
});
