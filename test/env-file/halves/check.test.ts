import { describe, expect, it } from 'vitest';
import type { ProblemCode } from '../../../src/env-file/halves/problems.js';
import { problems } from '../../../src/env-file/halves/problems.js';
import { publicDefault } from '../../../src/env-file/variants.js';
import type { HalfScene, Scene } from './scene.js';
import { codes, healthy, look, only, other, secret } from './scene.js';

const backend = (text: string | Uint8Array, more: object = {}) => ({ backend: { files: { '.env': text }, ...more } });
const frontend = (text: string, more: object = {}) => ({ frontend: { files: { '.env.local': text }, ...more } });
const same = `BETTER_AUTH_SECRET=${secret}\n`;
const url = 'DATABASE_URL=postgresql://app:q7Zp2Kx9wT@localhost/app';

/** A scene for everything that can be found: leaving one out does not compile. */
const scenes: Readonly<Record<ProblemCode, Scene>> = {
  'file.folder': { backend: { files: { '.env': { kind: 'folder' } } } },
  'file.special': { backend: { files: { '.env': { kind: 'special' } } } },
  'file.unreadable': { backend: { files: { '.env': { kind: 'unreadable', why: 'permission denied' } } } },
  'file.too-large': { backend: { files: { '.env': { kind: 'too-large', size: 10 * 1024 * 1024 } } } },
  'file.too-many-lines': { backend: { files: { '.env': { kind: 'too-large', size: 30_000, inLines: true } } } },
  'file.binary': backend(Buffer.from(`${same}\0`)),
  'file.utf-16': backend(Buffer.from(`\ufeff${same}`, 'utf16le')),
  'file.byte-order-mark': backend(`\ufeff# note\n${same}`),
  'file.carriage-returns': backend(`BETTER_AUTH_SECRET=${secret}\r\n`),
  'file.not-utf-8': backend(Buffer.concat([Buffer.from(same), Buffer.from([0x41, 0x3d, 0xff])])),
  'file.world-readable': backend(same, { mode: 0o644 }),
  'file.committed': backend(same, { tracked: true }),
  'file.refused': backend(`${same}K J=1\n`, { loader: 'docker' }),
  'file.cut-short': backend(`${same}K="open\n`, { loader: 'bash' }),
  'file.line-ignored': backend(`${same}K="open\n`),
  'file.runs-a-command': backend(`${same}rm -rf build\n`, { loader: 'bash' }),
  'file.duplicate': backend(`${same}A=1\nA=2\n`),
  'secret.differs': backend(`BETTER_AUTH_SECRET=${other}\n`),
  'secret.one-side-only': backend('A=1\n'),
  'secret.undecided': backend('BETTER_AUTH_SECRET=$(openssl rand -hex 32)\n', { loader: 'bash' }),
  'secret.public-default': frontend(`BETTER_AUTH_SECRET=${publicDefault}\n`),
  'secret.placeholder': backend('BETTER_AUTH_SECRET=change-me\n'),
  'secret.short': backend('BETTER_AUTH_SECRET=k3Jx9\n'),
  'secret.low-entropy': backend(`BETTER_AUTH_SECRET=${'ab'.repeat(20)}\n`),
  'secret.public-name': frontend(`${same}NEXT_PUBLIC_KEY=${secret}\n`),
  'secret.not-as-written': {
    ...frontend(`BETTER_AUTH_SECRET=${secret}#x\n`),
    ...backend(same),
  },
  'secret.shadowed-by-file': {
    frontend: { files: { '.env.local': same, '.env': `BETTER_AUTH_SECRET=${other}\n` } },
  },
  'secret.shadowed-by-shell': { shell: { BETTER_AUTH_SECRET: other } },
  'secret.shell-splits': { ...backend(same, { loader: 'bash' }), shell: { BETTER_AUTH_SECRET: other } },
  'secret.rotated': frontend(`BETTER_AUTH_SECRETS=2:${secret},1:${other}\n${same}`),
  'secret.depends-on-release': backend(`\ufeff${same}`),
  'database.differs': backend(`${same}DATABASE_URL=postgresql://app:pass@db.internal/app\n`),
  'database.one-side-only': backend(same),
  'database.not-a-url': backend(`${same}DATABASE_URL=localhost\n`),
  'database.public-name': frontend(`${same}${url}\nNEXT_PUBLIC_DB=${url.slice('DATABASE_URL='.length)}\n`),
  'urls.not-a-url': frontend(`${same}BETTER_AUTH_URL=localhost:3000\n`),
  'urls.public-differs': frontend(
    `${same}BETTER_AUTH_URL=http://localhost:3000\nNEXT_PUBLIC_BETTER_AUTH_URL=http://localhost:3001\n`,
  ),
  'urls.issuer-differs': backend(`${same}BETTER_AUTH_URL=https://localhost:3000\n`),
  'urls.origin-not-allowed': backend(`${same}CORS_ORIGINS=http://localhost:3001,http://127.0.0.1:3000\n`),
};

describe('two halves in step', () => {
  it('have nothing to be said about them', () => {
    const results = look({});
    expect(codes(results)).toEqual([]);
    expect(results.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
      'env/files pass',
      'env/secret pass',
      'env/database pass',
      'env/urls pass',
    ]);
  });

  it('may spell one database in the dialects of two drivers, through a pooler and by another name for this machine', () => {
    const pairs = [
      [
        'postgres://u:p@ep-cool-1-pooler.eu.neon.tech/app?sslmode=require',
        'postgresql+asyncpg://v:q@ep-cool-1.eu.neon.tech:5432/app?ssl=require',
      ],
      ['postgresql://localhost/app', 'postgresql+psycopg://u:p%40x@[::1]:5432/app'],
      ['postgresql:///app?host=/var/run/postgresql', 'postgresql+asyncpg://u@/app?host=/var/run/postgresql'],
      ['mysql://u:p@DB:3306/app', 'mysql+aiomysql://u:p@db/app'],
      ['file:./dev.db', 'sqlite:///dev.db'],
    ];
    for (const [front, back] of pairs) {
      const scene = {
        frontend: only({ BETTER_AUTH_SECRET: secret, DATABASE_URL: front as string }),
        backend: only({ BETTER_AUTH_SECRET: secret, DATABASE_URL: back as string }),
      };
      expect([front, codes(look(scene))]).toEqual([front, []]);
    }
  });

  it('may call the secret by names of their own', () => {
    const scene = { backend: { ...only({ JWT_SECRET: secret }), secretName: 'JWT_SECRET' } };
    expect(codes(look(scene))).toEqual(['env/database.one-side-only']);
  });

  it('may leave it to the shell alone, as CI does', () => {
    const nothing = { files: { '.env': { kind: 'absent' } as const } };
    const shell = { BETTER_AUTH_SECRET: secret };
    expect(codes(look({ frontend: only({ A: '1' }), backend: only({ B: '1' }), shell }))).toEqual([]);
    expect(look({ frontend: nothing, backend: nothing, shell }).map(({ verdict }) => verdict)).toEqual(
      Array(4).fill('skip'),
    );
  });
});

describe('everything that can be found', () => {
  it.each(Object.keys(scenes) as ProblemCode[])('%s', (code) => {
    const results = look(scenes[code]);
    const finding = results.flatMap(({ findings }) => findings).find((each) => each.code === `env/${code}`);
    expect(codes(results)).toContain(`env/${code}`);
    expect(finding?.text).not.toMatch(/[{}]/);
    expect(finding?.hint ?? '').not.toMatch(/[{}]/);
    // no byte of a secret, wherever it is looked for
    const said = JSON.stringify(results);
    for (const value of [secret, other, 'q7Zp2Kx9wT', 'k3Jx9'])
      for (let at = 0; at + 5 <= value.length; at++) expect(said).not.toContain(value.slice(at, at + 5));
  });

  it('has a hint that names a command which exists, or none', () => {
    const named = Object.values(problems).flatMap((spec) =>
      'hint' in spec ? [...spec.hint.matchAll(/`lockstep (\w+)/g)] : [],
    );
    expect(new Set(named.map((match) => match[1]))).toEqual(new Set(['env', 'secret', 'init']));
  });
});

describe('why two secrets differ', () => {
  const how = (scene: Scene) => {
    const finding = look(scene)
      .flatMap(({ findings }) => findings)
      .find(({ code }) => code === 'env/secret.differs');
    return [
      finding?.data.class,
      finding?.data.mangled,
      `${finding?.data.file}:${finding?.data.line}:${finding?.data.column}`,
    ];
  };
  const half = 'Zx81c4e7ab02d5683e1f7c9a#d85b30e26c7fa9d0134b8e5267f';

  it.each<[string, string, string, HalfScene, unknown[]]>([
    [
      'an unquoted # that Next.js cuts at',
      `K=1\nBETTER_AUTH_SECRET=${half}\n`,
      'next',
      { files: { '.env': `BETTER_AUTH_SECRET=${half}\n` } },
      ['cut at #', 'frontend', 'frontend/.env.local:2:20'],
    ],
    [
      'quotes that docker keeps',
      same,
      'next',
      { loader: 'systemd', files: { '.env': `BETTER_AUTH_SECRET=\\"${secret}\\"\n` } },
      ['in double quotes', 'backend', 'backend/.env:1:20'],
    ],
    [
      'Windows line ends under bash',
      same,
      'next',
      { loader: 'bash', files: { '.env': `BETTER_AUTH_SECRET=${secret}\r\n` } },
      ['with a trailing carriage return', 'backend', 'backend/.env:1:20'],
    ],
    [
      'a trailing space under docker',
      same,
      'next',
      { loader: 'docker', files: { '.env': `BETTER_AUTH_SECRET=${secret} \n` } },
      ['with a trailing space', 'backend', 'backend/.env:1:20'],
    ],
    [
      'a newline in quotes',
      `BETTER_AUTH_SECRET="${secret}\\n"\n`,
      'next',
      { files: { '.env': same } },
      ['with a trailing newline', 'frontend', 'frontend/.env.local:1:20'],
    ],
    [
      'a $ that Next.js expands',
      `BETTER_AUTH_SECRET=${secret}$x\n`,
      'next',
      { files: { '.env': `BETTER_AUTH_SECRET=${secret}$x\n` } },
      ['cut at $', 'frontend', 'frontend/.env.local:1:20'],
    ],
    [
      'hex in another case',
      same,
      'next',
      { files: { '.env': `BETTER_AUTH_SECRET=${secret.toUpperCase()}\n` } },
      ['in upper case', 'backend', 'backend/.env:1:20'],
    ],
    [
      'one encoded once more',
      same,
      'next',
      { files: { '.env': `BETTER_AUTH_SECRET=${Buffer.from(secret).toString('base64')}\n` } },
      ['encoded as base64', 'backend', 'backend/.env:1:20'],
    ],
    [
      'two unrelated ones',
      same,
      'next',
      { files: { '.env': `BETTER_AUTH_SECRET=${other}\n` } },
      ['unknown', null, 'backend/.env:1:20'],
    ],
  ])('%s', (_, front, loader, back, expected) => {
    expect(how({ frontend: { loader: loader as 'next', files: { '.env.local': front } }, backend: back })).toEqual(
      expected,
    );
  });

  it('names the file of another environment that has the value', () => {
    const scene = {
      backend: only({ BETTER_AUTH_SECRET: other }),
      siblings: { 'backend/.env.production': `BETTER_AUTH_SECRET=${other}\n` },
    };
    expect(how(scene).slice(0, 2)).toEqual(['the value of backend/.env.production', 'backend']);
  });

  it('says so where both files say the same', () => {
    const scene = { ...frontend(`BETTER_AUTH_SECRET=${half}\n`), ...backend(`BETTER_AUTH_SECRET=${half}\r\n`) };
    const [finding] = look(scene)[1]?.findings ?? [];
    expect(finding?.text).toContain('both files say the same, and Next.js reads it so');
  });
});

describe('fingerprints', () => {
  it('are not asked for where both are the same, and are of six characters where they differ', () => {
    expect(JSON.stringify(look({}))).not.toContain('fingerprint');
    const [finding] = look(scenes['secret.differs'])[1]?.findings ?? [];
    expect(finding?.data.fingerprints).toMatch(/^[0-9a-f]{6} [0-9a-f]{6}$/);
  });
});

describe('what the halves share', () => {
  it('is found as Better Auth finds it: an empty secret falls through to AUTH_SECRET', () => {
    const scene = {
      frontend: only({ BETTER_AUTH_SECRET: '', AUTH_SECRET: secret }),
      backend: only({ BETTER_AUTH_SECRET: secret }),
    };
    expect(codes(look(scene))).toEqual([]);
  });

  it('is the default that everybody knows where neither half sets it', () => {
    expect(codes(look({ frontend: only({ A: '1' }), backend: only({ B: '1' }) }))).toEqual([
      'env/secret.public-default',
    ]);
  });

  it('is not what a shell says to a container that docker starts', () => {
    const scene = {
      backend: { ...only({ BETTER_AUTH_SECRET: secret }), loader: 'docker' as const },
      frontend: { ...only({ BETTER_AUTH_SECRET: secret }), loader: 'systemd' as const },
      shell: { BETTER_AUTH_SECRET: other },
    };
    expect(codes(look(scene))).toEqual([]);
  });

  it('is compared by what Next.js takes: .env.development.local before .env.local before .env', () => {
    const files = { '.env.development.local': same, '.env.local': `BETTER_AUTH_SECRET=${other}\n`, '.env': '' };
    expect(codes(look({ ...healthy, frontend: { files } })).filter((code) => code.startsWith('env/secret'))).toEqual([
      'env/secret.shadowed-by-file',
    ]);
  });
});
