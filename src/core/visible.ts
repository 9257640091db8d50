const longest = 200;
// C0, DEL, C1, soft hyphen, grapheme joiner, fillers, zero-width, bidi controls, line and paragraph separators, lone
// surrogates, variation selectors of the supplement, tags, BOM: what could move a cursor, hide text or forge a line
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb]|\u034f|[\u{e0000}-\u{e0fff}]/gu;

/** Text from outside, safe for a terminal and whole: control and invisible characters shown as `\u{..}`. */
export function visible(text: string): string {
  return text.replaceAll(unsafe, spelled);
}

/** As `visible`, cut at 200 characters as a reader counts them. Every text from outside goes through here to be shown. */
export function printable(text: string): string {
  // a character is never shorter than its code units
  if (text.length <= longest) {
    const shown = visible(text);
    if (shown.length <= longest) return shown;
  }
  // a thousand marks on one letter are one character to a reader, and no line
  const shown = visible(text.slice(0, longest * 16));
  const graphemes = new Intl.Segmenter().segment(shown);
  let cut = '';
  let count = 0;
  for (const { segment } of graphemes) {
    if (count === longest || cut.length + segment.length > longest * 8) return `${cut}…`;
    cut += segment;
    count++;
  }
  return text.length > longest * 16 ? `${cut}…` : cut;
}

/** What is never let out, whoever wrote it: all that is unsafe but line ends, tabs and the colours of lockstep. */
const stray = new RegExp(`\\u001b\\[[0-9;]*m|${unsafe.source}`, 'gu');

/**
 * What a CI server takes for a command within a line: `##[` of GitHub and Azure, `##vso[`, `##teamcity[`; and at its
 * beginning, white space or not: `::` of GitHub, but for the annotations that lockstep makes.
 */
const commands = /##(?=(?:vso|teamcity)?\[)|(?<=^[^\S\n]*)::(?!(?:error|warning) title=)/gm;

/**
 * The last look at a text on its way out, behind every renderer: what slipped through shows as `\u{..}`, within JSON as
 * JSON spells it, so that it is still the same value. Nothing in it is a command for a CI server that reads the log.
 */
export function tame(text: string, json: boolean): string {
  const spell = (found: string) =>
    json ? [...Array(found.length).keys()].map((at) => hex(found.charCodeAt(at))).join('') : spelled(found);
  return text
    .replaceAll(stray, (found) => (found === '\n' || found === '\t' || found.length > 2 ? found : spell(found)))
    .replaceAll(commands, (found) => `${found[0]}${spell(found.slice(1))}`);
}

function spelled(c: string): string {
  return `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`;
}

function hex(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
