import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import { Secret } from '../core/secret.js';
import type { Prompt } from '../world.js';
import { confirm, input, password, select } from './inquirer.js';

/** Questions on the terminal of the process. stderr, because stdout is the product. */
export function createPrompt(interrupted: AbortSignal): Prompt {
  const context = { input: process.stdin, output: process.stderr, signal: interrupted };
  const judged = (fault: ((text: string) => string | null) | undefined) => (text: string) => fault?.(text) ?? true;
  return {
    interactive: true,
    text: ({ question, usual, fault }) =>
      input({ message: question, default: usual, validate: judged(fault) }, context).catch(ended),
    hidden: async ({ question, fault }) =>
      new Secret(await password({ message: question, mask: false, validate: judged(fault) }, context).catch(ended)),
    choice: ({ question, choices }) =>
      select({ message: question, choices: choices.map(({ value, name }) => ({ value, name })) }, context).catch(ended),
    yes: ({ question, usual = true }) => confirm({ message: question, default: usual }, context).catch(ended),
  };
}

/** Ctrl-C, the end of the input, and a signal end a question alike. */
function ended(error: Error): never {
  if (!/^(ExitPromptError|AbortPromptError|CancelPromptError)$/.test(error.name)) throw error;
  throw new LockstepError('interrupted', 'interrupted; nothing is written', { exit: Exit.interrupted });
}
