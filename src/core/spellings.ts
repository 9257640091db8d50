import { visible } from './visible.js';

/** What a place makes of a text that is written into it. */
type Way = (text: string) => string;

const json: Way = (text) => JSON.stringify(text).slice(1, -1);
const percent: Way = (text) => encodeURIComponent(text);
const command: Way = (text) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const entities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };

const ways: readonly Way[] = [
  (text) => text,
  json,
  // as Python writes JSON
  (text) => json(text).replaceAll(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  percent,
  (text) => percent(text).replaceAll(/%[0-9A-F]{2}/g, (found) => found.toLowerCase()),
  // a form: it spares less than a URL, and writes a space as +
  (text) => new URLSearchParams({ '': text }).toString().slice(1),
  // XML and HTML, by numbers and by names
  (text) => text.replaceAll(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`),
  (text) => text.replaceAll(/[&<>"']/g, (c) => `&${entities[c]};`),
  // within the quotes of a shell
  (text) => text.replaceAll("'", `'\\''`),
  // what a workflow command says, and its properties
  command,
  (text) => command(text).replaceAll(':', '%3A').replaceAll(',', '%2C'),
  // a cell of Markdown, and a line of TAP
  (text) => text.replaceAll('|', '\\|'),
  (text) => text.replaceAll(/[\\#]/g, (c) => `\\${c}`),
  visible,
];

/**
 * Every spelling in which a text travels: as it is, escaped for where it is written and that again within JSON, in
 * hex, and the part of its base64 and base64url that is the same whatever stands before and after it.
 */
export function spellings(value: string): string[] {
  const text = value.toWellFormed();
  const bytes = Buffer.from(text, 'utf8');
  const hex = bytes.toString('hex');
  // most tokens and keys: nothing escapes these
  const escaped = /^[\w.-]*$/.test(text) ? [text] : ways.map((way) => way(text));
  return [
    ...new Set([
      value,
      ...escaped,
      ...(escaped.length === 1 ? [] : escaped.map(json)),
      hex,
      hex.toUpperCase(),
      ...[0, 1, 2].flatMap((shift) => aligned(bytes, shift)),
    ]),
  ];
}

/** The part of the base64 of `shift` unknown bytes followed by the value that depends on the value alone. */
function aligned(bytes: Buffer, shift: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
  const start = Math.ceil((shift * 8) / 6);
  const end = Math.floor((padded.length * 8) / 6);
  const standard = padded.toString('base64').slice(start, end);
  return [standard, standard.replaceAll('+', '-').replaceAll('/', '_')];
}
