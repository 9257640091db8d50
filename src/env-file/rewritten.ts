import { Grown } from './grown.js';

/**
 * `text.replace(pattern, by)` for a global pattern, in memory that grows with the text alone: the original first collects
 * every match with all its groups, which of a megabyte of references is a hundred.
 */
export function rewritten(text: string, pattern: RegExp, by: (match: RegExpExecArray) => string): string {
  const grown = new Grown();
  let kept = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    grown.add(text.slice(kept, match.index));
    grown.add(by(match));
    kept = match.index + match[0].length;
    // an empty match would be found again
    if (match[0] === '') pattern.lastIndex += 1;
  }
  grown.add(text.slice(kept));
  return grown.text;
}
