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

const longest = 200;
// C0, DEL, C1, soft hyphen, zero-width, bidi controls, line and paragraph separators, tags, BOM: what could move a
// cursor, hide text or forge a line
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Text from outside, safe for a terminal and whole: control and invisible characters shown as `\u{..}`. */
export function visible(text: string): string {
  return text.replaceAll(unsafe, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
}

/** As `visible`, cut at 200 characters. */
export function printable(text: string): string {
  const points = [...visible(text)];
  return points.length > longest ? `${points.slice(0, longest).join('')}…` : points.join('');
}
