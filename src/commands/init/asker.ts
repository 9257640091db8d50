import { LockstepError } from '../../core/errors.js';
import type { ExitCode } from '../../core/exit.js';
import { Exit } from '../../core/exit.js';
import { Secret } from '../../core/secret.js';
import type { Choice, Prompt } from '../../world.js';

type Fault = (text: string) => string | null;

/**
 * Fills in what nobody has said: by asking, where somebody is there; else by what is usual; else it notes the flag
 * that would say it, so that all that is missing is told at once.
 */
export class Asker {
  readonly #prompt: Prompt | null;
  readonly #accepts: boolean;
  readonly #missing: { readonly what: string; readonly flag: string }[] = [];

  /** `prompt` null: nobody is there; `accepts`: what is usual is taken without asking */
  constructor(prompt: Prompt | null, accepts: boolean) {
    this.#prompt = prompt;
    this.#accepts = accepts;
  }

  async text(question: string, usual: string, fault: Fault): Promise<string> {
    return this.#prompt === null || this.#accepts ? usual : this.#prompt.text({ question, usual, fault });
  }

  async needed(question: string, flag: string, usual: string, fault: Fault): Promise<string> {
    if (this.#prompt !== null) return this.#prompt.text({ question, usual, fault });
    this.#missing.push({ what: question, flag });
    return usual;
  }

  async secret(question: string, flag: string, fault: Fault): Promise<Secret> {
    if (this.#prompt !== null) return this.#prompt.hidden({ question, fault });
    this.#missing.push({ what: question, flag });
    return new Secret('');
  }

  async choice<T extends string>(question: string, choices: readonly Choice<T>[], usual: T): Promise<T> {
    return this.#prompt === null || this.#accepts ? usual : this.#prompt.choice({ question, choices });
  }

  /** What somebody types; null where nobody is there. */
  async typed(question: string): Promise<string | null> {
    return this.#prompt?.text({ question, usual: '' }) ?? null;
  }

  /** What somebody picks, whatever is usual; null where nobody is there. */
  async pick<T extends string>(question: string, choices: readonly Choice<T>[]): Promise<T | null> {
    return this.#prompt?.choice({ question, choices }) ?? null;
  }

  /** Throws when something was missing: a refusal, or, for one who only checks, changes that are pending. */
  settled(exit: ExitCode = Exit.refused): void {
    if (this.#missing.length === 0) return;
    const flags = this.#missing.map(({ flag }) => flag).join(', ');
    const whats = this.#missing.map(({ what }) => what).join(', ');
    throw new LockstepError('unanswered', `nobody is there to answer: ${whats}; nothing is written`, {
      exit,
      hint: `pass ${flags}`,
    });
  }
}
