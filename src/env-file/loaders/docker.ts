import type { Assignment, Read, Trouble } from '../reading.js';
import { nothing, trouble } from '../reading.js';
import { goSpace, skip } from '../whitespace.js';

/** bufio.MaxScanTokenSize: a line of 64 KiB or more ends the run. */
const longestLine = 64 * 1024;

/**
 * `docker run --env-file`: a line is taken as it stands, with quotes and what looks like a comment. One line that it
 * refuses ends the run. `quotes`: releases of 2025 and later strip one pair around the value.
 */
export function readDocker(quotes: 'kept' | 'stripped'): Read {
  return (text, lookup) => {
    const assignments: Assignment[] = [];
    let start = 0;
    const refuse = (what: Trouble['what']) => ({ ...nothing, troubles: [trouble(start, what, 'file')] });
    for (const [i, raw] of text.split('\n').entries()) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (new TextEncoder().encode(raw).length >= longestLine) return refuse('line-too-long');
      const first = skip(line, i === 0 && line.startsWith('\ufeff') ? 1 : 0, goSpace);
      const kept = line.slice(first);
      if (kept !== '' && !kept.startsWith('#')) {
        const equals = kept.indexOf('=');
        const name = equals === -1 ? kept : kept.slice(0, equals);
        if (name === '') return refuse('no-name');
        if (/[ \t]/.test(name)) return refuse('name-with-space');
        const nameAt = { start: start + first, end: start + first + name.length };
        if (equals === -1) {
          const inherited = lookup(name) ?? null;
          const value = inherited === null || quotes === 'kept' ? inherited : stripQuotes(inherited);
          assignments.push({
            name,
            value,
            nameAt,
            valueAt: { start: nameAt.end, end: nameAt.end },
            undecided: 'inherited',
          });
        } else {
          const value = kept.slice(equals + 1);
          assignments.push({
            name,
            value: quotes === 'kept' ? value : stripQuotes(value),
            nameAt,
            valueAt: { start: nameAt.end + 1, end: nameAt.end + 1 + value.length },
          });
        }
      }
      start += raw.length + 1;
    }
    return { assignments, troubles: [] };
  };
}

function stripQuotes(value: string): string {
  const quote = value[0];
  return value.length > 1 && (quote === "'" || quote === '"') && value.endsWith(quote) ? value.slice(1, -1) : value;
}
