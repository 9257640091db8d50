import { foldNewlines } from '../newlines.js';
import type { Assignment, Read } from '../reading.js';
import { pythonSpace, skip, trim } from '../whitespace.js';

/** `starlette.config.Config`: no comments after a value, no `export`, and quotes of either kind stripped from both ends. */
export const readStarlette: Read = (original) => {
  const { text, span } = foldNewlines(original);
  const assignments: Assignment[] = [];
  let lineStart = 0;
  for (const line of text.split('\n')) {
    const start = lineStart;
    lineStart += line.length + 1;
    const equals = line.indexOf('=');
    const first = skip(line, 0, pythonSpace);
    if (equals === -1 || line[first] === '#') continue;
    const name = trim(line.slice(0, equals), pythonSpace);
    const written = trim(line.slice(equals + 1), pythonSpace);
    const valueStart = equals + 1 + (written === '' ? 0 : skip(line.slice(equals + 1), 0, pythonSpace));
    assignments.push({
      name,
      value: written.replace(/^["']+/, '').replace(/["']+$/, ''),
      nameAt: span(start + first, start + first + name.length),
      valueAt: span(start + valueStart, start + valueStart + written.length),
    });
  }
  return { assignments, troubles: [] };
};
