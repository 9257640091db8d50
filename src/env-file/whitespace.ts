// What counts as white space differs from loader to loader, and that is half of what they disagree about.

/** ECMAScript `\s` and `String.prototype.trim`: with NBSP and the byte order mark. */
export const javascriptSpace = /\s/;

/** Python `str.isspace` and `\s`: with NBSP and the separators U+001C to U+001F and U+0085, without the byte order mark. */
export const pythonSpace = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Go `unicode.IsSpace`. */
export const goSpace = /[\t-\r\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** `text` without the characters of a class at its ends. */
export function trim(text: string, space: RegExp): string {
  return trimEnd(trimStart(text, space), space);
}

export function trimStart(text: string, space: RegExp): string {
  let start = 0;
  while (start < text.length && space.test(text.charAt(start))) start++;
  return text.slice(start);
}

export function trimEnd(text: string, space: RegExp): string {
  let end = text.length;
  while (end > 0 && space.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** The first offset from `at` on whose character is not of the class. */
export function skip(text: string, at: number, space: RegExp): number {
  let next = at;
  while (next < text.length && space.test(text.charAt(next))) next++;
  return next;
}
