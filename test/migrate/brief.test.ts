import { Command } from 'commander';
import { expect, test } from 'vitest';
import status from '../../src/commands/migrate/status.js';
import up from '../../src/commands/migrate/up.js';

/** What commander makes of the same words. */
function judged(command: typeof up | typeof status, args: readonly string[]): unknown {
  const commander = new Command().exitOverride();
  command.declare(commander);
  commander.parse([...args], { from: 'user' });
  const { input, ...options } = commander.opts();
  // said by nobody: what commander takes for granted of a flag that begins with no-
  return input === true ? options : { input, ...options };
}

test.each(
  [
    [],
    ['--yes'],
    ['--yes', '--no-input', '--json'],
    ['--database-url-env', 'PG', '--schema', 'auth', '--wait', '60s'],
    ['--id-type', 'uuid', '--field-names', 'snake', '--timezone', 'UTC'],
    ['--production', '--confirm', 'app', '--lock-timeout', '1m', '--statement-timeout', '5m'],
    ['--no-production', '--target', 'staging', '--config', 'x.json'],
  ].map((args) => [args]),
)('`migrate up` reads %j as commander does', (args) => {
  expect(up.brief?.(args)).toEqual(judged(up, args));
});

test.each([
  [['-y']],
  [['--with', 'rateLimit']],
  [['--yes=1']],
  [['--unknown']],
  [['--schema']],
  [['--yes', '--yes']],
  [['extra']],
  [['--help']],
])('and leaves %j to it', (args) => {
  expect(up.brief?.(args)).toBeNull();
});

test('`migrate status` takes no consent', () => {
  expect(status.brief?.(['--json'])).toEqual({ json: true });
  for (const flag of ['--yes', '--no-input', '--production']) expect(status.brief?.([flag])).toBeNull();
});
