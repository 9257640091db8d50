import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ignores, withPatterns } from '../../src/setup/git-ignore.js';
import fc from '../support/fast-check.js';
import { cases } from '../support/seed.js';

const paths = [
  '.env',
  '.env.local',
  '.env.example',
  'frontend/.env.local',
  'frontend/.env',
  'apps/web/.env.local',
  'a/b/.env.bak.1',
];

/** What git itself says. */
function git(text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-ignore-'));
  try {
    execFileSync('git', ['init', '-q', folder], { stdio: 'ignore' });
    writeFileSync(join(folder, '.gitignore'), text);
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    const args = ['-C', folder, 'check-ignore', '--no-index', '--stdin'];
    return execFileSync('git', args, { input: paths.join('\n'), encoding: 'utf8', env })
      .split('\n')
      .filter(Boolean);
  } catch (error) {
    // 1: none is ignored
    if ((error as { status?: number }).status === 1) return [];
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const pattern = fc.oneof(
  fc.constantFrom(
    '.env',
    '.env*',
    '.env.*',
    '*.local',
    '/.env',
    'frontend/',
    'frontend/.env.local',
    '**/.env',
    'apps/**',
    '.env?local',
  ),
  fc.constantFrom(
    '*.bak.*',
    '!.env.example',
    '!.env',
    '# .env',
    '',
    '\\.env',
    '.env[.]local',
    'a/*/.env.bak.1',
    '*',
    '/frontend',
    'apps/*/.env.local  ',
  ),
);

test('a pattern keeps out what git keeps out', () => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 4 }), (lines) => {
      const text = `${lines.join('\n')}\n`;
      // what lies in a folder that is kept out cannot be taken back; git says so, and nobody writes that by accident
      fc.pre(
        !lines.some((line) => line.startsWith('!')) || !lines.some((line) => /\/$|\*\*$|^\*$|^\/frontend$/.test(line)),
      );
      expect(paths.filter((path) => ignores(text, path))).toEqual(git(text));
    }),
    { numRuns: cases(60) },
  );
});

test('patterns are appended in the manner of the file', () => {
  expect(withPatterns('', ['.env'], '\n')).toBe('# secrets stay out of git\n.env\n');
  expect(withPatterns('dist', ['.env'], '\n')).toBe('dist\n\n# secrets stay out of git\n.env\n');
  expect(withPatterns('dist\r\n', ['.env'], '\r\n')).toBe('dist\r\n\r\n# secrets stay out of git\r\n.env\r\n');
  expect(withPatterns('dist\n', [], '\n')).toBe('dist\n');
});
