import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import { Secret } from '../core/secret.js';
import type { Prompt } from '../world.js';
import { confirm, input, password, select } from './inquirer.js';

/** Questions on the terminal of the process. stderr, because stdout is the product. */
export function createPrompt(interrupted: AbortSignal): Prompt {
  const asked = <T>(ask: (context: Parameters<typeof input>[1]) => Promise<T>): Promise<T> => {
    // Ctrl-D leaves a question that nobody can answer, and nothing else to do
    const over = new AbortController();
    const end = () => over.abort();
    process.once('beforeExit', end);
    const signal = AbortSignal.any([interrupted, over.signal]);
    return ask({ input: process.stdin, output: process.stderr, signal })
      .catch(ended)
      .finally(() => process.off('beforeExit', end));
  };
  const judged = (fault: ((text: string) => string | null) | undefined) => (text: string) => fault?.(text) ?? true;
  return {
    interactive: true,
    text: ({ question, usual, fault }) =>
      asked((context) => input({ message: question, default: usual, validate: judged(fault) }, context)),
    hidden: async ({ question, fault }) =>
      new Secret(
        await asked((context) => password({ message: question, mask: false, validate: judged(fault) }, context)),
      ),
    choice: ({ question, choices }) =>
      asked((context) =>
        select({ message: question, choices: choices.map(({ value, name }) => ({ value, name })) }, context),
      ),
    yes: ({ question, usual = true }) => asked((context) => confirm({ message: question, default: usual }, context)),
  };
}

/** Ctrl-C, the end of the input, and a signal end a question alike. */
function ended(error: Error): never {
  if (!/^(ExitPromptError|AbortPromptError|CancelPromptError)$/.test(error.name)) throw error;
  throw new LockstepError('interrupted', 'interrupted; nothing is written', { exit: Exit.interrupted });
}
