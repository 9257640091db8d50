import { usage } from '../core/errors.js';
import type { ExitCode } from '../core/exit.js';
import { Exit } from '../core/exit.js';
import { nearest } from '../core/nearest.js';
import { defineCommand } from './command.js';
import { candidates } from './completion/candidates.js';
import { scripts } from './completion/scripts.js';

interface Options {
  readonly candidates?: boolean;
}

const shells = Object.keys(scripts) as (keyof typeof scripts)[];

export default defineCommand<Options>({
  declare(commander) {
    commander
      .argument('[shell]', 'bash, zsh or fish')
      .argument('[words...]', 'with --candidates: the words after lockstep, the last one perhaps begun')
      .option('--candidates', 'what can stand at the end of a command line; the scripts ask for it')
      .addHelpText(
        'after',
        `
Examples:
  $ source <(lockstep completion bash)
  $ lockstep completion zsh > ~/.zfunc/_lockstep
  $ lockstep completion fish > ~/.config/fish/completions/lockstep.fish`,
      );
  },
  async run({ options, args, world, commands }): Promise<ExitCode> {
    if (options.candidates === true) {
      const found = await candidates(args, commands, world);
      world.stdout.write(found.map(({ word, about }) => `${word}\t${about}\n`).join(''));
      return Exit.ok;
    }
    const [named = '', ...more] = args;
    const shell = shells.find((each) => each === named);
    if (shell === undefined || more.length > 0) {
      const near = nearest(named, shells);
      const meant = near === null || shell !== undefined ? '' : `\n(Did you mean ${near}?)`;
      throw usage(`say which shell: ${shells.join(', ')}${meant}`, 'lockstep completion --help');
    }
    world.stdout.write(scripts[shell]);
    return Exit.ok;
  },
});
