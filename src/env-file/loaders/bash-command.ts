// where something ends whose insides are not looked at: a command that a value is made of, the index of an element

export function closingBacktick(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '`') return at;
  }
  return -1;
}

/** Of a parenthesis or a bracket: counts those within and passes over quotes. */
export function closing(text: string, open: number): number {
  const [opens, closes] = text[open] === '(' ? '()' : '[]';
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const here = text[at];
    if (here === '\\') at++;
    else if (here === "'" || here === '"') {
      const close = text.indexOf(here, at + 1);
      if (close === -1) return -1;
      at = close;
    } else if (here === opens) depth++;
    else if (here === closes && --depth === 0) return at;
  }
  return -1;
}
