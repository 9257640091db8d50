import { describe, expect, it } from 'vitest';
import { main } from '../../src/main.js';
import { fakeWorld } from '../support/fake-world.js';

const secret = '9f1c4e7ab02d5683e1f7c9a4d85b30e26c7fa9d0134b8e5267fd90ac3be81572';
const other = '11111e7ab02d5683e1f7c9a4d85b30e26c7fa9d0134b8e5267fd90ac3be81572';
const services =
  '"services": { "frontend": { "dir": "web", "loader": "next" }, "backend": { "dir": "api", "loader": "python-dotenv" } }';
const files = (backend: string, config = `{ ${services} }`) => ({
  '/project/lockstep.json': config,
  '/project/web/.env.local': `BETTER_AUTH_SECRET=${secret}\n`,
  '/project/api/.env': `BETTER_AUTH_SECRET=${backend}\n`,
});

async function stands(options: Parameters<typeof fakeWorld>[0]) {
  const world = fakeWorld(options);
  const code = await main([], world);
  return { code, out: world.out(), err: world.err(), sent: world.sent };
}

describe('lockstep alone', () => {
  it.each([
    {
      what: 'the halves are in step',
      files: files(secret),
      code: 0,
      says: 'in step: web/.env.local, api/.env',
      next: 'lockstep check --auth',
    },
    {
      what: 'there is a target, too',
      files: files(secret, `{ ${services}, "targets": { "staging": { "auth": "https://example.test" } } }`),
      code: 0,
      says: 'staging',
      next: 'lockstep check  ',
    },
    { what: 'the halves differ', files: files(other), code: 1, says: 'out of step', next: 'lockstep env check' },
    {
      what: 'no env file is written yet',
      files: {
        '/project/lockstep.json': `{ ${services} }`,
        '/project/web/package.json': '{}',
        '/project/api/main.py': '',
      },
      code: 0,
      says: 'neither half has any',
      next: 'lockstep init',
    },
    {
      what: 'a folder is not there',
      files: { '/project/lockstep.json': `{ ${services} }`, '/project/web/package.json': '{}' },
      code: 1,
      says: 'api: there is no such folder',
      next: 'lockstep env check',
    },
    {
      what: 'lockstep.json is wrong',
      files: files(secret, '{ "servics": {} }'),
      code: 1,
      says: 'has a mistake',
      next: 'lockstep config show',
    },
  ])('tells where things stand and the next command where $what', async ({ files: given, code, says, next }) => {
    const seen = await stands({ files: given });
    expect(seen.out).toContain(says);
    expect(seen.out).toContain(`next: ${next}`);
    expect(seen).toMatchObject({ code, err: '', sent: [] });
    expect(seen.out).not.toContain(secret);
  });

  it('with --json says the same as one object, with the same exit code', async () => {
    for (const [backend, code] of [
      [secret, 0],
      [other, 1],
    ] as const) {
      const world = fakeWorld({ files: files(backend) });
      expect(await main(['--json'], world)).toBe(code);
      const said = JSON.parse(world.out());
      expect(said).toMatchObject({ schemaVersion: 1, command: 'lockstep', outcome: code === 0 ? 'ok' : 'problems' });
      const { out } = await stands({ files: files(backend) });
      for (const { what, words } of said.standing) expect(out.replaceAll(/ +/g, ' ')).toContain(`${what} ${words}`);
      expect(out).toContain(`next: ${said.next.command}  ${said.next.why}`);
      expect(world.sent).toEqual([]);
    }
  });

  it('with a flag beside it, or before a command, is a mistake as ever', async () => {
    for (const args of [
      ['--json', '--nope'],
      ['--json', 'secret'],
      ['--json', '--json'],
    ])
      expect(await main(args, fakeWorld())).toBe(2);
  });
});
