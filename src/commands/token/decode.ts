import type { ExitCode } from '../../core/exit.js';
import { Exit } from '../../core/exit.js';
import { openStyle } from '../../io/coloured.js';
import { renderDecoded, renderDecodedJson } from '../../report/decoded.js';
import { readToken } from '../../token/read.js';
import { defineCommand } from '../command.js';
import type { InputOptions } from './input.js';
import { inputText } from './input.js';

interface Options extends InputOptions {
  readonly json?: boolean;
}

export default defineCommand<Options>({
  declare(commander) {
    commander
      .argument('[token]', 'a file with the token; - or nothing for standard input')
      .option('--allow-argv', 'the argument is the token itself')
      .option('--json', 'one JSON object on stdout')
      .addHelpText(
        'after',
        '\nExamples:\n  $ lockstep token decode - < token.txt\n  $ pbpaste | lockstep token decode --json',
      );
  },
  async run({ options, args, world, redactor }): Promise<ExitCode> {
    const text = await inputText(args[0], options, world);
    redactor.learn(text.trim());
    const reading = readToken(text);
    world.stdout.write(
      options.json === true
        ? renderDecodedJson(reading, world.now())
        : renderDecoded(reading, world.now(), await openStyle(world.stdout, world.env)),
    );
    return reading.findings.some(({ level }) => level === 'fail') ? Exit.problems : Exit.ok;
  },
});
