import { Command as Commander } from 'commander';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/commands/command.js';
import mint from '../../../src/commands/token/mint.js';
import verify from '../../../src/commands/token/verify.js';
import fc from '../../support/fast-check.js';
import { cases } from '../../support/seed.js';

/** What commander makes of a line, null where it has a complaint. */
function byCommander(command: Command<never>, args: readonly string[]) {
  const commander = new Commander().exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  command.declare(commander);
  try {
    commander.action(() => {}).parse([...args], { from: 'user' });
    return { options: commander.opts(), args: commander.args };
  } catch {
    return null;
  }
}

describe.each([
  ['token verify', verify as Command<never>],
  ['token mint', mint as Command<never>],
])('a plain command line of %s', (_, command) => {
  const known = new Commander();
  command.declare(known);
  const flags = known.options.map(({ long }) => long ?? '');

  it('is read as commander reads it, or left to commander', () => {
    const piece = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...flags) },
      { weight: 3, arbitrary: fc.constantFrom('a', 'b c', '7', '', 'k=v') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('-', '--', '-h', '--help', '--nope', '--sub=x', '--ttl=', '--constructor', '-x'),
      },
    );
    let read = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (args) => {
        const brief = command.brief?.(args) ?? null;
        if (brief === null) return;
        read += 1;
        const { token, ...options } = brief as { token?: string };
        expect({ options, args: token === undefined ? [] : [token] }).toEqual(byCommander(command, args));
      }),
      { numRuns: cases(3000) },
    );
    expect(read).toBeGreaterThan(100);
  });

  it('knows every flag that commander knows', () => {
    for (const option of known.options) {
      if (option.negate) continue;
      const args = option.required ? [option.long ?? '', 'x'] : [option.long ?? ''];
      expect(command.brief?.(args), option.long).toEqual(byCommander(command, args)?.options);
    }
  });
});
