/** Levels: as many as other parsers take (PHP), and few enough for whoever walks through them. */
const deepest = 512;
/** At a megabyte one in 32 characters, more than lists of objects hold; more of them cost a hundred times the text. */
const mostValues = 32_768;

/** What makes a text too much to be parsed as JSON, in words; null where nothing does. Counts what no parser has judged. */
export function excess(text: string): string | null {
  // what is valid closes what it opens
  if (text.length <= 2 * deepest || !/^\s{0,64}[[{]/.test(text)) return null;
  let depth = 0;
  let values = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case quote:
        i = endOf(text, i);
        break;
      case comma:
        if (++values > mostValues) return `JSON of more than ${mostValues} values`;
        break;
      case bracket:
      case brace:
        if (++depth > deepest) return `JSON in more than ${deepest} levels`;
        if (++values > mostValues) return `JSON of more than ${mostValues} values`;
        break;
      case bracket + 2:
      case brace + 2:
        depth -= 1;
    }
  }
  return null;
}

const [quote, comma, bracket, brace, backslash] = [0x22, 0x2c, 0x5b, 0x7b, 0x5c];

/** Where the string ends that begins there. */
function endOf(text: string, begin: number): number {
  for (let i = begin + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === backslash) i++;
    else if (code === quote) return i;
  }
  return text.length;
}

/** As JSON, or undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
