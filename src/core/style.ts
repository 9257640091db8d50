/** Colours by meaning. Colour is never the only carrier: every mark has a word or a sign beside it. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  doubtful(text: string): string;
  quiet(text: string): string;
  strong(text: string): string;
}

const same = (text: string) => text;

export const plainStyle: Style = { good: same, bad: same, doubtful: same, quiet: same, strong: same };
