import type { ExitCode } from './exit.js';
import { Exit } from './exit.js';

/**
 * The tool could not do its job. Thrown anywhere, caught once in `main.ts`, which prints `message`, then `hint`.
 * Never for something that is wrong with a deployment: that is a Finding, a value.
 */
export class LockstepError extends Error {
  override readonly name: string = 'LockstepError';
  /** stable, kebab-case, an interface for scripts */
  readonly code: string;
  readonly exit: ExitCode;
  /** what to do, where that is known */
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: { exit: ExitCode; hint?: string | undefined }) {
    super(message);
    this.code = code;
    this.exit = options.exit;
    this.hint = options.hint;
  }
}

/** A flag, an argument or a setting is wrong. Exit 2. */
export function usage(message: string, hint?: string): LockstepError {
  return new LockstepError('usage', message, { exit: Exit.usage, hint });
}

/** Consent is needed and was not given; `hint` names the flag. Exit 5. */
export function refused(code: string, message: string, hint: string): LockstepError {
  return new LockstepError(code, message, { exit: Exit.refused, hint });
}

/** The step at which an exchange with the outside ended without an answer. */
export type Step = 'resolve' | 'connect' | 'tls' | 'headers' | 'body' | 'handshake' | 'too-large' | 'protocol';

/** Nobody answered, or not in a form that can be read. Any answer at all is a Reply, not this. Exit 3. */
export class Unreachable extends LockstepError {
  override readonly name = 'Unreachable';
  readonly url: string;
  readonly step: Step;

  constructor(url: string, step: Step, detail: string) {
    super('unreachable', `${url}: ${detail}`, {
      exit: Exit.unfinished,
      hint: 'see that it runs and that the address is right',
    });
    this.url = url;
    this.step = step;
  }
}
