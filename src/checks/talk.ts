/** What may be said over a socket, with its blanks filled: `{canary}`, `{room}`, wherever they stand in it. */
export function filled(message: unknown, blanks: Readonly<Record<string, string>>): unknown {
  let text = JSON.stringify(message);
  for (const [name, value] of Object.entries(blanks))
    text = text.replaceAll(`{${name}}`, JSON.stringify(value).slice(1, -1));
  return JSON.parse(text);
}
