import { printable } from './visible.js';

export { printable, visible } from './visible.js';

/** What may stand in the evidence of a finding. A Secret does not fit, and that is the point. */
export type Datum = string | number | boolean | null;
export type Data = Readonly<Record<string, Datum>>;

export type Level = 'warn' | 'fail';

/** One thing that is wrong. `code` is `<group>/<check>.<problem>` and never changes; words may. */
export interface Finding {
  readonly code: string;
  readonly level: Level;
  /** what is, present tense */
  readonly text: string;
  /** what to do, where that is known */
  readonly hint?: string;
  readonly data: Data;
  /** a line for a shell that asks the deployment the same, without credentials */
  readonly reproduce?: string;
}

/** The names in the braces of a template: `'{url} answered {status}'` -> `'url' | 'status'`. */
export type Placeholders<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** Puts evidence into a template; a name without evidence stays in its braces, visible. */
export function fill(template: string, data: Data): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(data, name) ? printable(String(data[name])) : whole,
  );
}
