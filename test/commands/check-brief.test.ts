import { Command } from 'commander';
import { expect, test } from 'vitest';
import check from '../../src/commands/check.js';

/** What commander makes of the same words; names of checks count the same wherever they stand. */
function judged(args: readonly string[]): unknown {
  const commander = new Command().exitOverride();
  check.declare(commander);
  commander.parse([...args], { from: 'user' });
  const { only = [], ...options } = commander.opts();
  const names = [...commander.args, ...only];
  return names.length > 0 ? { ...options, only: names } : options;
}

test.each(
  [
    [],
    ['--json'],
    ['token', 'ws/origin-enforced', '--json', '--quiet'],
    ['--config', 'x.json', '--only', 'session/login', 'token', '--json'],
    ['session', '--only', 'token', 'ws'],
    ['--auth', 'http://localhost:3000', '--api', 'http://localhost:8000', '--sign-up', '--max-wait', '90s'],
    ['--user-a', 'a@example.test', '--user-b', 'b@example.test', '--token-route', '/jwt', '--trust', 'jwks'],
    ['--target', 'staging', '--production', '--allow-writes', '--allow-noisy', '--confirm', 'host', '--deadline', '1m'],
    ['--me', '/me', '--tasks', '/tasks', '--socket', 'ws://x', '--socket-auth', 'header', '--wait', '60s', '--strict'],
    ['--secret-file', 'secret', '--secret-env', 'NAME', '--files', '--trace', 'x.har', '--verbose', '--ndjson'],
    ['--list', '--ca-file', 'ca.pem', '--use-proxy', '--sign-up', '--admin', 'admin@example.test'],
    ['', '--json'],
  ].map((args) => [args]),
)('`check` reads %j as commander does', (args) => {
  expect(check.brief?.(args)).toEqual(judged(args));
});

test.each([
  [['-q']],
  [['--no-files']],
  [['--report', 'junit=x.xml']],
  [['--json=1']],
  [['--unknown']],
  [['--only']],
  [['--only', '--json']],
  [['--only', 'token', '--only', 'ws']],
  [['--json', 'token']],
  [['--secret-file', '-']],
  [['--', 'token']],
  [['token', '--help']],
])('and leaves %j to it', (args) => {
  expect(check.brief?.(args)).toBeNull();
});
