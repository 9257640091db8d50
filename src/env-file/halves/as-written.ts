import type { Setting } from '../setting.js';

/**
 * How the value that a loader reads differs from the one that is written, where the eye would expect none: quotes and
 * a comment after white space go without saying. Null where it reads what is written.
 */
export function notAsWritten({ at, value, expanded }: Setting): string | null {
  if (at === null || value === null) return null;
  const read = value.reveal();
  const written = at.file.text.slice(at.assignment.valueAt.start, at.assignment.valueAt.end);
  const bare = unquoted(withoutComment(written));
  if (read === bare) return null;
  if (expanded) return 'a reference in it is replaced';
  if (read.endsWith('\r')) return 'it ends in a carriage return';
  if (read === written && written !== bare)
    return quotedWhole(written) ? 'its quotes are a part of it' : 'what looks like a comment is a part of it';
  const rest = written.startsWith(read) ? written.slice(read.length) : null;
  if (rest?.startsWith('#') === true) return 'it is cut at #';
  if (rest !== null && /^\s+$/.test(rest)) return null;
  if (/\\/.test(bare)) return 'backslashes in it are replaced';
  if (/\n/.test(written)) return 'it spans several lines';
  return 'it comes out otherwise';
}

/** Without a `#` after white space and all that follows, where no quote does. */
function withoutComment(written: string): string {
  const rest = Math.max(...['"', "'", '`'].map((quote) => written.lastIndexOf(quote))) + 1;
  const tail = written.slice(rest);
  const hash = tail.search(/\s#/);
  return hash === -1 ? written : written.slice(0, rest) + tail.slice(0, hash).trimEnd();
}

function unquoted(text: string): string {
  return quotedWhole(text) ? text.slice(1, -1) : text;
}

function quotedWhole(text: string): boolean {
  return /^(["'`])[\s\S]*\1$/.test(text) && text.length > 1;
}
