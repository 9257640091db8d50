import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { realWorld } from '../../../src/io/world.js';
import { main } from '../../../src/main.js';
import type { World } from '../../../src/world.js';
import { type FakeWorldOptions, fakeWorld, type Script } from '../../support/fake-world.js';

const secret = '9f1c4e7ab02d5683e1f7c9a4d85b30e26c7fa9d0134b8e5267fd90ac3be81572';
const front = { '/project/frontend/.env.local': `BETTER_AUTH_SECRET=${secret}\n` };
const back = { '/project/backend/.env': `BETTER_AUTH_SECRET=${secret}\n` };
const sides = ['--frontend', 'frontend', '--backend', 'backend'];

async function run(args: readonly string[], options: FakeWorldOptions = {}, more: Partial<World> = {}) {
  const world = fakeWorld(options);
  const workspace = { ...world.workspace, names: async () => [], look: async () => null };
  const code = await main(['diagnose', ...args], { ...world, workspace, ...more });
  return { code, out: world.out(), err: world.err(), sent: world.sent };
}

const verdictOf = (out: string) => JSON.parse(out).verdicts[0]?.code as string | undefined;

describe('what is asked of diagnose', () => {
  it('nothing at all: 3, and how to ask', async () => {
    const { code, err } = await run([]);
    expect(code).toBe(3);
    expect(err).toContain('--auth');
  });

  it('files of one side alone are looked at, and are no disagreement', async () => {
    expect(await run(['--frontend', 'frontend', '--offline'], { files: front })).toMatchObject({ code: 0 });
    expect(await run(['--backend', 'backend', '--offline'], { files: back })).toMatchObject({ code: 0 });
  });

  it('a side whose folder has no env file leaves the question open', async () => {
    const { code, out } = await run([...sides, '--offline'], { files: { ...front, '/project/backend/main.py': '' } });
    expect(code).toBe(3);
    expect(out).toContain('could not look at');
  });

  it('more values than are looked at leave the question open, and the secret of a side is among those that are', async () => {
    const many = Array.from({ length: 700 }, (_, n) => `SECRET_${n}=another-value-${n}\n`).join('');
    const files = { '/project/frontend/.env.local': `${many}BETTER_AUTH_SECRET=${secret}\n`, ...back };
    const { code, out } = await run([...sides, '--offline', '--json'], { files });
    expect(code).toBe(3);
    expect(out).toContain('of the values that may be the secret are left out');
    expect(out).toContain('BETTER_AUTH_SECRET of frontend/.env.local');
  });

  it('a file that is too long for other loaders is read by its own, and the rest is said', async () => {
    const long = Array.from({ length: 2_500 }, (_, n) => `N${n}=1\n`).join('');
    const files = { '/project/frontend/.env.local': `BETTER_AUTH_SECRET=${secret}\n${long}`, ...back };
    const { code, out } = await run([...sides, '--offline'], { files });
    expect(code).toBe(0);
    expect(out).toContain('too long to be read as other loaders would read them');
  });

  it('a file of more lines than are read is named', async () => {
    const files = { '/project/frontend/.env.local': `BETTER_AUTH_SECRET=${secret}\n${'A=1\n'.repeat(5_001)}`, ...back };
    const { code, out } = await run([...sides, '--offline'], { files });
    expect(code).toBe(1);
    expect(out).toContain('.env.local');
    expect(out).toContain('too large');
  });

  it('a folder that is not there is a mistake of the command line', async () => {
    expect(await run(['--frontend', 'nowhere', '--offline'], { files: front })).toMatchObject({ code: 2 });
  });

  it.each([
    [['--replicas', 'many']],
    [['--pid-backend', 'x']],
    [['--also', 'nowhere']],
    [['--token-file', 'nowhere']],
    [['--har', 'nowhere']],
    [['--database-url-env', 'NOT_SET']],
    [['--watch', '0']],
    [['--replay', 'nowhere']],
    [['--replicas', '20', '--auth', 'not a url']],
  ])('%j is a mistake of the command line', async (args) => {
    const { code, out } = await run(
      [...sides, ...args, ...(args.includes('--auth') ? [] : ['--auth', 'http://localhost:1'])],
      {
        files: { ...front, ...back },
        script: new Proxy({} as Script, { get: () => 'no answer' }),
      },
    );
    expect(code).toBe(2);
    expect(out).toBe('');
  });

  it('files that agree and nobody else: 0; files that differ: 1, with the cause', async () => {
    expect(await run([...sides, '--offline'], { files: { ...front, ...back } })).toMatchObject({ code: 0 });
    const differ = { ...front, '/project/backend/.env': `BETTER_AUTH_SECRET=${secret.toUpperCase()}\n` };
    const { code, out } = await run([...sides, '--offline', '--json'], { files: differ });
    expect(code).toBe(1);
    expect(verdictOf(out)).toBe('diagnose/files-differ.mangled');
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      command: 'diagnose',
      outcome: 'problems',
      results: [{ check: 'diagnose', verdict: 'fail', findings: [{ code: 'diagnose/files-differ.mangled' }] }],
    });
  });

  it('an address where nobody answers: 3, and files that agree do not make it green', async () => {
    const { code, out } = await run([...sides, '--auth', 'http://localhost:1', '--replicas', '0'], {
      files: { ...front, ...back },
      script: new Proxy({} as Script, { get: () => 'no answer' }),
    });
    expect(code).toBe(3);
    expect(out).toMatch(/frontend: http:\/\/localhost:1\/api\/auth: connection refused/);
  });

  it('an online look never reaches a network when --offline is given', async () => {
    const { sent } = await run([...sides, '--offline', '--auth', 'http://localhost:1'], {
      files: { ...front, ...back },
    });
    expect(sent).toEqual([]);
  });
});

describe('evidence in a file', () => {
  it('gives the same verdict again, and looks at nothing', async () => {
    const differ = { ...front, '/project/backend/.env': `BETTER_AUTH_SECRET="${secret}\\n"\n` };
    const written = new Map<string, string>();
    const world = fakeWorld({ files: differ });
    const workspace: World['workspace'] = {
      ...world.workspace,
      names: async () => [],
      look: async () => null,
      write: async (changes) => {
        for (const { path, after } of changes) written.set(path, Buffer.from(after).toString());
        return [];
      },
    };
    const first = await main(['diagnose', ...sides, '--offline', '--record', 'e.json', '--json'], {
      ...world,
      workspace,
    });
    const text = written.get('/project/e.json') ?? '';
    expect(text).not.toContain(secret.slice(0, 12));
    const again = await run(['--replay', 'e.json', '--json'], { files: { '/project/e.json': text } });
    expect(again.code).toBe(first);
    expect(again.out).toBe(world.out());
    expect(again.sent).toEqual([]);
  });

  it.each([
    ['not JSON', 'x'],
    ['another file', '{"schemaVersion":1}'],
    [
      'parts of another kind',
      '{"schemaVersion":1,"version":"0","at":"x","looks":[{"part":"frontend","failed":null}],"holders":[],"frontend":5,"backend":"x"}',
    ],
    ['too deep', `{"schemaVersion":1,"looks":[],"holders":${'['.repeat(40)}${']'.repeat(40)}}`],
  ])('that is %s is refused: 2', async (_, text) => {
    expect(await run(['--replay', 'e.json'], { files: { '/project/e.json': text } })).toMatchObject({
      code: 2,
      out: '',
    });
  });

  it('that was made to deceive a terminal moves no cursor', async () => {
    const evil = '\u001b[2J\u202eevil';
    const holder = {
      id: evil,
      kind: 'current',
      side: 'frontend',
      name: evil,
      path: evil,
      line: 1,
      loader: evil,
      fingerprint: 'aaaaaaaa',
      empty: false,
    };
    const evidence = {
      schemaVersion: 1,
      version: evil,
      at: evil,
      looks: [{ part: evil, failed: evil, hint: evil }],
      holders: [holder],
    };
    const { out } = await run(['--replay', 'e.json'], { files: { '/project/e.json': JSON.stringify(evidence) } });
    expect(out).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('a rate limit', () => {
  let stop = async () => {};
  afterEach(() => stop());

  it('is waited for, and said', async () => {
    let refused = 0;
    const server = createServer((request, response) => {
      const limited = request.url?.startsWith('/api/auth/get-session') && refused++ < 1;
      response.writeHead(limited ? 429 : 200, {
        'content-type': 'application/json',
        ...(limited ? { 'x-retry-after': '1' } : {}),
      });
      response.end(limited ? '{}' : request.url?.endsWith('/ok') ? '{"ok":true}' : 'null');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stop = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    const { port } = server.address() as AddressInfo;
    const { err } = await run(
      [...sides, '--auth', `http://localhost:${port}`, '--replicas', '0'],
      { files: { ...front, ...back } },
      { http: realWorld().http },
    );
    expect(err).toMatch(/answered 429: waiting 1 s/);
  });
});

describe('watching', () => {
  it('prints what changes and nothing else, and ends when it is told to', async () => {
    const files: Record<string, string> = { ...front, ...back };
    const stop = new AbortController();
    let looks = 0;
    const world = fakeWorld({ files });
    const workspace = {
      ...world.workspace,
      names: async () => {
        // both sides are asked at each look
        looks += 1;
        if (looks === 5)
          files['/project/backend/.env'] = `BETTER_AUTH_SECRET=${secret} \n# changed\nX=1\n`.replace(
            `${secret} `,
            `"${secret} "`,
          );
        if (looks > 8) stop.abort('SIGINT');
        return [];
      },
    };
    const code = await main(['diagnose', ...sides, '--offline', '--watch', '1'], {
      ...world,
      workspace,
      interrupted: stop.signal,
    });
    expect(code).toBe(130);
    const lines = world
      .out()
      .split('\n')
      .filter((line) => line !== '');
    expect(lines.filter((line) => line.includes('in step')).map((line) => line.slice(9, 10))).toEqual(['+', '-']);
    expect(lines.filter((line) => line.includes('out of step')).length).toBe(1);
    // the frontend's file did not change
    expect(lines.filter((line) => line.includes('frontend file')).length).toBe(1);
  });
});

describe('support', () => {
  it('bundles evidence and settings without values', async () => {
    const config =
      '{ "services": { "frontend": { "dir": "frontend", "loader": "next" }, "backend": { "dir": "backend" } } }';
    const world = fakeWorld({ files: { ...front, ...back, '/project/lockstep.json': config } });
    const workspace = { ...world.workspace, names: async () => [] };
    expect(await main(['support', '--offline'], { ...world, workspace })).toBe(0);
    const body = JSON.parse(world.out());
    expect(body).toMatchObject({ schemaVersion: 1, command: 'support', outcome: 'ok', evidence: { schemaVersion: 1 } });
    expect(body.config).toEqual(['services', 'frontend', 'dir', 'loader', 'backend', 'dir']);
    expect(world.out()).not.toContain(secret.slice(0, 12));
  });
});
