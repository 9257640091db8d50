import { Secret } from '../core/secret.js';
import type { Mistake, Origin } from './mistake.js';
import type { Parsed } from './parse.js';
import { referenced } from './reference.js';
import type { Env, Flags, Setting, SettingName, Sourced } from './sources.js';
import { given } from './sources.js';

/** Null when a text will do; else what is wrong with it, without quoting it. */
export type Judge = (text: string) => string | null;

/** Where flags, variables and one target of the file come together, and where what is wrong with them is gathered. */
export class Desk {
  readonly mistakes: Mistake[] = [];
  readonly settings: Setting[] = [];
  readonly #flags: Flags;
  readonly #env: Env;
  readonly #parsed: Parsed | null;
  readonly #target: string | null;

  constructor(parsed: Parsed | null, target: string | null, flags: Flags, env: Env) {
    this.#flags = flags;
    this.#env = env;
    this.#parsed = parsed;
    this.#target = target;
    if (parsed !== null) this.mistakes.push(...[...parsed.mistakes, ...this.#unsetVariables(parsed)].sort(byPlace));
  }

  /** False where the file is wrong: nothing can then be said about what it leaves out. */
  get fileIsSound(): boolean {
    return this.#parsed === null || this.#parsed.config !== null;
  }

  /** Whether a flag or a variable stands above the file here. */
  overridden(name: SettingName): boolean {
    return given(name, this.#flags, this.#env) !== null;
  }

  /**
   * A setting as text: flag, else variable, else what the file says (already judged there, unless it names a
   * variable). Null when nobody says anything, or nothing that will do; a mistake is then on the list.
   */
  text(name: SettingName, judge: Judge, written: string | undefined): Sourced<string> | null {
    const said = given(name, this.#flags, this.#env);
    if (said !== null) return this.#judged(said, judge, '');
    if (written === undefined) return null;
    const origin = this.written(name);
    const variable = referenced(written);
    if (variable === null) return { value: written, origin };
    const value = this.#env[variable];
    if (value === undefined || value === '') return null;
    return this.#judged({ value, origin: { ...origin, variable } as Origin }, judge, `${variable} `);
  }

  /** As `text`, boxed before it goes anywhere. */
  secret(name: SettingName, judge: Judge, written: string | undefined): Sourced<Secret> | null {
    const found = this.text(name, judge, written);
    return found === null ? null : { value: new Secret(found.value), origin: found.origin };
  }

  /** The place in the file of a setting of the target. */
  written(name: string): Origin {
    return this.#parsed?.origin(['targets', this.#target ?? '', ...name.split('.')]) ?? { kind: 'default' };
  }

  /** Puts a settled value on the list for `config show`, and hands it on. */
  settle<T>(name: string, { value, origin }: Sourced<T>): T {
    this.settings.push({ name, value, origin });
    return value;
  }

  /** Where a settled value came from. */
  originOf(name: string): Origin {
    return this.settings.find((setting) => setting.name === name)?.origin ?? { kind: 'default' };
  }

  #judged(said: Sourced<string>, judge: Judge, subject: string): Sourced<string> | null {
    const wrong = judge(said.value);
    if (wrong === null) return said;
    this.mistakes.push({ origin: said.origin, text: `${subject}${wrong}` });
    return null;
  }

  #unsetVariables({ references }: Parsed): Mistake[] {
    return references
      .filter(({ target, setting }) => target === this.#target && !this.overridden(setting as SettingName))
      .filter(({ variable }) => (this.#env[variable] ?? '') === '')
      .map(({ variable, origin, excerpt }) => ({
        origin,
        text: `the variable ${variable} is ${this.#env[variable] === undefined ? 'not set' : 'empty'}`,
        excerpt,
      }));
  }
}

function byPlace({ origin: a }: Mistake, { origin: b }: Mistake): number {
  return a.kind === 'file' && b.kind === 'file' ? a.line - b.line || a.column - b.column : 0;
}
