/** A file of a checkout. `path` is from its root, with slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What could not be looked at, and why in words. */
export interface Unread {
  readonly path: string;
  readonly why: string;
}

/** The files of a checkout that can tell something, and what was left out. */
export interface SourceTree {
  readonly files: readonly SourceFile[];
  readonly unread: readonly Unread[];
}

/** A folder inside of a folder of the tree, with slashes; `.` is its root. */
export function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end < 0 ? '.' : path.slice(0, end);
}

/** A path joined to a folder of the tree, `.` and `..` taken out; null where it leads out of the tree. */
export function joined(folder: string, path: string): string | null {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}
