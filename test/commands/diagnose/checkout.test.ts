import { afterEach, describe, expect, it } from 'vitest';
import { treeOf } from '../../checkout/tree.js';
import type { Checkout } from '../../support/checkout.js';
import { checkout } from '../../support/checkout.js';

let place: Checkout | undefined;
afterEach(() => place?.remove());

const disk = (name: string, more: Readonly<Record<string, string>> = {}) => {
  place = checkout({ ...Object.fromEntries(treeOf(name).files.map(({ path, text }) => [path, text])), ...more });
  return place;
};
const json = (out: string) => JSON.parse(out).results[0].findings.map(({ code }: { code: string }) => code);

describe('lockstep diagnose --checkout', () => {
  it('of the quickstart: exit 1, the five mistakes, each with its place and its fix', async () => {
    const project = disk('quickstart');
    const { code, out } = await project.lockstep(['diagnose', '--offline', '--checkout']);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^out of step: the backend takes HS256 only, and the jwt plugin of the frontend signs with EdDSA/,
    );
    expect(out).toContain(
      '→ at frontend/src/lib/auth-server.ts:25:9: write `jwt: { expirationTime }` instead of `expiresIn`',
    );
    expect(json((await project.lockstep(['diagnose', '--offline', '--checkout', '.', '--json'])).out)).toHaveLength(5);
  });

  it('of a healthy pair: exit 0, though there are no env files', async () => {
    for (const name of ['right', 'monorepo', 'own-signer', 'commonjs']) {
      const { code, out } = await disk(name).lockstep(['diagnose', '--offline', '--checkout']);
      expect([name, code, out.split('\n')[0]]).toEqual([name, 0, 'in step: nothing of what was looked at disagrees']);
      place?.remove();
    }
  });

  it.each([
    ['no such folder', ['--checkout', 'nowhere'], {}, 'nowhere is not there'],
    [
      'a file that cannot be read',
      ['--checkout'],
      { 'web/a.ts': 'betterAuth(' },
      'web/a.ts has a syntax error in line 1',
    ],
    ['nothing of the kind', ['--checkout', 'web'], { 'web/a.ts': 'let a;' }, 'neither a call of betterAuth()'],
  ])('%s leaves the question open: exit 3', async (_, flags, more, says) => {
    const { code, out } = await disk('right', more).lockstep(['diagnose', '--offline', ...flags]);
    expect(code).toBe(3);
    expect(out).toContain(says);
  });

  it('places are told from the folder of the run; what is recorded is judged alike elsewhere, and names no folder above', async () => {
    const project = disk('quickstart');
    const here = ['diagnose', '--offline', '--checkout', '..', '--json', '--record', 'evidence.json'];
    const { out } = await project.lockstep(here, { cwd: 'backend' });
    expect(out).toContain('../frontend/src/lib/auth-server.ts:25:9');
    expect(out + project.read('backend/evidence.json')).not.toContain(project.root);
    const replayed = await project.lockstep(['diagnose', '--json', '--replay', 'evidence.json'], { cwd: 'backend' });
    expect(json(replayed.out)).toEqual(json(out));
    expect(replayed.code).toBe(1);
  });

  it('the backend reads another name than its env file sets', async () => {
    const signer = treeOf('own-signer').files.find(({ path }) => path === 'api/main.py')?.text ?? '';
    const project = disk('own-signer', {
      'api/main.py': signer.replace('os.environ["BETTER_AUTH_SECRET"]', 'os.environ["JWT_SECRET"]'),
      'api/.env': 'BETTER_AUTH_SECRET=Zm9vYmFyYmF6cXV4MDEyMzQ1Njc4OWFiY2RlZg\n',
      'web/.env.local': 'BETTER_AUTH_SECRET=Zm9vYmFyYmF6cXV4MDEyMzQ1Njc4OWFiY2RlZg\n',
    });
    const { out, code } = await project.lockstep(['diagnose', '--offline', '--checkout', '--json']);
    expect(json(out)).toEqual(['diagnose/secret-name.not-set']);
    expect(code).toBe(1);
    expect(out).not.toContain('Zm9vYmFy');
  });
});
