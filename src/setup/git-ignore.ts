/**
 * Whether `.gitignore` text keeps a path out of git. `path` is relative to the folder of the file, with slashes.
 * The rules of gitignore(5) for files: the last pattern that matches wins, `!` takes back; folders above the path
 * count too.
 */
export function ignores(text: string, path: string): boolean {
  let ignored = false;
  for (const line of text.split(/\r?\n/)) {
    const pattern = line.replace(/(?<!\\) +$/, '');
    if (pattern === '' || pattern.startsWith('#')) continue;
    const negated = pattern.startsWith('!');
    if (matches(negated ? pattern.slice(1) : pattern.replace(/^\\(?=[#!])/, ''), path)) ignored = !negated;
  }
  return ignored;
}

function matches(pattern: string, path: string): boolean {
  const folderOnly = pattern.endsWith('/');
  const body = folderOnly ? pattern.slice(0, -1) : pattern;
  const anchored = body.includes('/');
  const whole = glob(body.replace(/^\//, ''));
  const parts = path.split('/');
  return parts.some((_, i) => {
    const isFile = i === parts.length - 1;
    if (isFile && folderOnly) return false;
    return whole.test(anchored ? parts.slice(0, i + 1).join('/') : (parts[i] as string));
  });
}

function glob(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/|\/\*\*$|\*+|\?|\[!?[^\]]+\]|\\.|[.+^${}()|[\]\\]/g, (piece) => {
    if (piece === '**/') return '(?:.*/)?';
    if (piece === '/**') return '/.*';
    if (piece.startsWith('*')) return '[^/]*';
    if (piece === '?') return '[^/]';
    if (piece.startsWith('[') && piece.length > 1) return piece.replace('[!', '[^');
    if (piece.startsWith('\\') && piece.length === 2) return piece.replace(/\\(?=\w)/, '');
    return `\\${piece}`;
  });
  return new RegExp(`^${source}$`);
}

/** The text with the patterns that are needed to keep these paths out, or the same text when none is. */
export function withPatterns(text: string, needed: readonly string[], end: string): string {
  if (needed.length === 0) return text;
  const block = ['# secrets stay out of git', ...needed, ''].join(end);
  if (text === '') return block;
  return `${text}${/\n$/.test(text) ? '' : end}${end}${block}`;
}
