// where a command ends that a value is made of: what is in it is not looked at

export function closingBacktick(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '`') return at;
  }
  return -1;
}

/** Counts parentheses and passes over quotes. */
export function closingParenthesis(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const here = text[at];
    if (here === '\\') at++;
    else if (here === "'" || here === '"') {
      const close = text.indexOf(here, at + 1);
      if (close === -1) return -1;
      at = close;
    } else if (here === '(') depth++;
    else if (here === ')' && --depth === 0) return at;
  }
  return -1;
}
