import { Exit } from '../core/exit.js';
import { defineCommand } from './command.js';

interface Options {
  readonly format: BufferEncoding;
}

const bytes = 32;
const formats = ['hex', 'base64url'] as const;

/** One fresh secret of 256 bits and a newline on stdout, nothing else anywhere: made for `$(lockstep secret)`. */
export default defineCommand<Options>({
  brief(args) {
    const said = args.join('=') || '--format=hex';
    const format = formats.find((known) => said === `--format=${known}`);
    return format === undefined ? null : { format };
  },
  declare(commander) {
    commander
      .addOption(
        commander.createOption('--format <format>', 'spelling of the 32 bytes').choices(formats).default(formats[0]),
      )
      .addHelpText('after', '\nExample:\n  $ BETTER_AUTH_SECRET=$(lockstep secret)');
  },
  async run({ options, world }) {
    world.stdout.write(`${Buffer.from(world.random(bytes)).toString(options.format)}\n`);
    return Exit.ok;
  },
});
