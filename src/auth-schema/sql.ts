/** A name as SQL, whatever is in it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Several names: `"a", "b"`. */
export function identifiers(names: readonly string[]): string {
  return names.map(identifier).join(', ');
}

/** A text as SQL, whatever is in it and whatever `standard_conforming_strings` says. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? ` E${quoted}` : quoted;
}
