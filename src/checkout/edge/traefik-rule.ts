/** Whether a rule of a Traefik router takes a path; null where that cannot be told. Host and method are taken as met. */
export function covers(rule: string, path: string): boolean | null {
  const tokens = [...rule.matchAll(/\s*(&&|\|\||!|\(|\)|[A-Za-z]+\((?:[^()`"]|`[^`]*`|"[^"]*")*\))/g)].map(
    (match) => match[1] ?? '',
  );
  if (tokens.join('').length !== rule.replaceAll(/\s+(?=(?:[^`"]*[`"][^`"]*[`"])*[^`"]*$)/g, '').length) return null;
  const end = { at: 0 };
  const found = either(tokens, end, path, 0);
  return end.at === tokens.length ? found : null;
}

interface Cursor {
  at: number;
}

function either(tokens: readonly string[], cursor: Cursor, path: string, depth: number): boolean | null {
  let found = both(tokens, cursor, path, depth);
  while (tokens[cursor.at] === '||') {
    cursor.at += 1;
    const next = both(tokens, cursor, path, depth);
    found = found === true || next === true ? true : found === null || next === null ? null : false;
  }
  return found;
}

function both(tokens: readonly string[], cursor: Cursor, path: string, depth: number): boolean | null {
  let found = one(tokens, cursor, path, depth);
  while (tokens[cursor.at] === '&&') {
    cursor.at += 1;
    const next = one(tokens, cursor, path, depth);
    found = found === false || next === false ? false : found === null || next === null ? null : true;
  }
  return found;
}

function one(tokens: readonly string[], cursor: Cursor, path: string, depth: number): boolean | null {
  const token = tokens[cursor.at] ?? '';
  cursor.at += 1;
  if (depth > 32) return null;
  if (token === '!') {
    const found = one(tokens, cursor, path, depth + 1);
    return found === null ? null : !found;
  }
  if (token === '(') {
    const found = either(tokens, cursor, path, depth + 1);
    cursor.at += 1;
    return found;
  }
  return matcher(token, path);
}

function matcher(token: string, path: string): boolean | null {
  const [, name = '', args = ''] = /^([A-Za-z]+)\((.*)\)$/s.exec(token) ?? [];
  const values = [...args.matchAll(/`([^`]*)`|"([^"]*)"/g)].map((match) => match[1] ?? match[2] ?? '');
  // patterns of Traefik 2, and templates of compose
  if (values.some((value) => /[{}$]/.test(value))) return null;
  if (name === 'Path') return values.includes(path);
  if (name === 'PathPrefix') return values.some((value) => path.startsWith(value));
  return name === 'PathRegexp' ? null : name !== '' ? true : null;
}
