import type { Dirent } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile, SourceTree, Unread } from '../core/source-tree.js';

const mostFiles = 5_000;
const mostFolders = 5_000;
const deepest = 24;
const largest = 1024 * 1024;
/** of all files together */
const mostBytes = 64 * 1024 * 1024;

/** Other people's and generated code. Folders whose name begins with a dot are left out as well. */
const foreign = new Set(
  'node_modules bower_components dist build out target venv env vendor coverage __pycache__ site-packages public static'.split(
    ' ',
  ),
);
const telling = /\.([mc]?[jt]sx?|py|ya?ml|toml|conf|conf\.template)$|^package\.json$/;
const generated = /\.min\.[mc]?js$|^(package-lock\.json|pnpm-lock\.yaml)$/;

/**
 * The files under a folder that can tell something, in the order of their paths. Symbolic links are not followed, and
 * nothing but regular files is opened. What is left out for its size, or beyond the limits, is said.
 */
export async function readSourceTree(root: string): Promise<SourceTree> {
  const files: SourceFile[] = [];
  const unread: Unread[] = [];
  const folders = [{ path: '', depth: 0 }];
  let bytes = 0;
  let seen = 0;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    if (++seen > mostFolders)
      return cut(files, unread, `holds more than ${mostFolders} folders: the rest was not looked at`);
    for (const entry of await entriesOf(root, folder.path, unread)) {
      const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name.startsWith('.') || foreign.has(entry.name)) continue;
        if (folder.depth < deepest) folders.push({ path, depth: folder.depth + 1 });
        else unread.push({ path, why: 'is too deep' });
      }
      if (!isTelling(entry)) continue;
      if (files.length >= mostFiles)
        return cut(files, unread, `holds more than ${mostFiles} files: the rest was not looked at`);
      if (bytes >= mostBytes) return cut(files, unread, 'holds more than 64 MiB of code: the rest was not looked at');
      const text = await textOf(join(root, path));
      if (typeof text !== 'string') unread.push({ path, why: text.why });
      else {
        files.push({ path, text });
        bytes += text.length;
      }
    }
  }
  return { files, unread };
}

function isTelling(entry: Dirent): boolean {
  const wanted = telling.test(entry.name) || /(^|\/)sites-(available|enabled)$/.test(entry.parentPath);
  return entry.isFile() && wanted && !generated.test(entry.name);
}

function cut(files: readonly SourceFile[], unread: readonly Unread[], why: string): SourceTree {
  return { files, unread: [...unread, { path: '.', why }] };
}

async function entriesOf(root: string, path: string, unread: Unread[]): Promise<Dirent[]> {
  try {
    const entries = await readdir(join(root, path), { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    unread.push({ path: path === '' ? '.' : path, why: reason(error) });
    return [];
  }
}

/** The text, or why not. At most the limit is read, whatever the file has become since it was looked at. */
async function textOf(path: string): Promise<string | { readonly why: string }> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.min(size, largest) + 1);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      if (bytesRead > largest) return { why: 'is larger than 1 MiB' };
      return buffer.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '');
    } finally {
      await file.close();
    }
  } catch (error) {
    return { why: reason(error) };
  }
}

function reason(error: unknown): string {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return (
    { EACCES: 'permission denied', ENOENT: 'is not there', ENOTDIR: 'is no folder' }[code] ?? `cannot be read (${code})`
  );
}
