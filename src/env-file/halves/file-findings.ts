import type { Finding } from '../../core/finding.js';
import { decode, mostLines } from '../decode.js';
import type { TroubleKind } from '../reading.js';
import type { FileReading } from '../setting.js';
import { positionOf } from './position.js';
import { found } from './problems.js';
import type { Half, SeenFile } from './service.js';

/** What is wrong with the files of a half as such; `confidential`: names of variables that must not be public. */
export function fileFindings(half: Half, confidential: readonly string[]): Finding[] {
  return [
    ...half.service.files.flatMap((file) => seen(file, half)),
    ...half.service.files.flatMap((file) => guarded(file, half, confidential)),
    ...half.filed.files.flatMap((reading) => [...troubles(reading, half), ...duplicates(reading)]),
  ];
}

function seen({ path, found: what }: SeenFile, { service }: Half): Finding[] {
  const file = path;
  const loader = service.loader.title;
  if (what.kind === 'absent') return [];
  if (what.kind === 'folder') return [found('file.folder', { file })];
  if (what.kind === 'special') return [found('file.special', { file })];
  if (what.kind === 'unreadable') return [found('file.unreadable', { file, why: what.why })];
  if (what.kind === 'too-large' && what.inLines === true)
    return [found('file.too-many-lines', { file, most: mostLines })];
  if (what.kind === 'too-large') return [found('file.too-large', { file, size: what.size })];
  const { text, encoding, invalidAt } = decode(what.bytes);
  if (encoding === 'binary') return [found('file.binary', { file })];
  if (encoding.startsWith('utf-16')) return [found('file.utf-16', { file, loader })];
  return [
    ...(encoding === 'utf-8-bom' ? [found('file.byte-order-mark', { file })] : []),
    ...(invalidAt === null ? [] : [found('file.not-utf-8', { file, ...positionOf({ text }, invalidAt) })]),
    ...(text.includes('\r') ? [found('file.carriage-returns', { file })] : []),
  ];
}

/** Who else can read it. */
function guarded(
  { path: file, found: what, tracked }: SeenFile,
  half: Half,
  confidential: readonly string[],
): Finding[] {
  if (what.kind !== 'file') return [];
  const reading = half.filed.files.find((each) => each.file.path === file)?.reading;
  const name = reading?.assignments.find((each) => confidential.includes(each.name.toUpperCase()) && each.value)?.name;
  const open = (what.mode & 0o044) !== 0;
  return [
    ...(tracked === true && name !== undefined ? [found('file.committed', { file, name })] : []),
    ...(open && name !== undefined ? [found('file.world-readable', { file, mode: `0${what.mode.toString(8)}` })] : []),
  ];
}

/** Of one kind in one file: who has mended so many looks again. To find the place of each takes as long as the file. */
const most = 50;

function troubles({ file, reading }: FileReading, { service }: Half): Finding[] {
  const loader = service.loader.title;
  const untold = reading.troubles.length - most;
  return reading.troubles.slice(0, most).map(({ at, what, loses }, i) => {
    const why = `${reasons[what]}${i === most - 1 && untold > 0 ? `, and there are ${untold} more of such places` : ''}`;
    const data = { file: file.path, loader, why, ...positionOf(file, at) };
    if (what === 'runs-a-command') return found('file.runs-a-command', data);
    if (loses === 'file') return found('file.refused', data);
    return found(loses === 'rest' ? 'file.cut-short' : 'file.line-ignored', data);
  });
}

function duplicates({ file, reading }: FileReading): Finding[] {
  const last = new Map(reading.assignments.map((assignment) => [assignment.name, assignment]));
  const told = new Set<string>();
  return reading.assignments.flatMap((assignment) => {
    const { name, undecided } = assignment;
    if (undecided !== undefined || last.get(name) === assignment || told.has(name) || told.size === most) return [];
    told.add(name);
    return [found('file.duplicate', { name, file: file.path }, { file, assignment })];
  });
}

const reasons: Readonly<Record<TroubleKind, string>> = {
  'not-utf-8': 'it is not UTF-8',
  'unterminated-quote': 'a quote or a bracket is not closed',
  'not-an-assignment': 'it is not NAME=value',
  'name-with-space': 'there is white space in a name',
  'no-name': 'there is no name before =',
  'impossible-name': 'no variable can have this name',
  'line-too-long': 'a line is longer than it takes',
  'too-many-words': 'it has more words than anybody follows',
  'endless-expansion': 'a variable refers to itself without end',
  'bad-reference': 'a reference is not one',
  'runs-a-command': 'it is a command',
};
