import type { Dirent } from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile, SourceTree, Unread } from '../core/source-tree.js';

const mostFiles = 5_000;
const mostFolders = 5_000;
const deepest = 24;
const largest = 1024 * 1024;
const tooLarge = 'is larger than 1 MiB';
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
 * The files under a folder that can tell something, folder by folder in the order of their names. Symbolic links are not
 * followed, and nothing but regular files is opened. What is left out for its size, or beyond the limits, is said. A text is
 * read whenever it is asked for, and not held; one that cannot be read then is empty, and said in `unread`.
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
        if (folder.depth < deepest) folders.push({ path, depth: folder.depth + 1 });
        else unread.push({ path, why: 'is too deep' });
      }
      if (!entry.isFile()) continue;
      if (files.length >= mostFiles)
        return cut(files, unread, `holds more than ${mostFiles} files: the rest was not looked at`);
      if (bytes >= mostBytes) return cut(files, unread, 'holds more than 64 MiB of code: the rest was not looked at');
      const size = await sizeOf(join(root, path));
      if (typeof size !== 'number') unread.push({ path, why: size.why });
      else if (size > largest) unread.push({ path, why: tooLarge });
      else {
        files.push(fileAt(root, path, unread));
        bytes += size;
      }
    }
  }
  return { files, unread };
}

function isTelling(entry: Dirent): boolean {
  const wanted = telling.test(entry.name) || /(^|\/)sites-(available|enabled)$/.test(entry.parentPath);
  return entry.isFile() && wanted && !generated.test(entry.name);
}

/** `cut` ends the tree: whoever reads `unread` later finds there what could not be read by then, too. */
function cut(files: readonly SourceFile[], unread: Unread[], why: string): SourceTree {
  unread.push({ path: '.', why });
  return { files, unread };
}

/** The folders and files in a folder that are looked at; beyond what a tree may have they are not listed. */
async function entriesOf(root: string, path: string, unread: Unread[]): Promise<Dirent[]> {
  const entries: Dirent[] = [];
  try {
    // one by one: most of what a folder of uploads holds is passed over
    for await (const entry of await opendir(join(root, path), { bufferSize: 512 })) {
      const taken = entry.isDirectory() ? !entry.name.startsWith('.') && !foreign.has(entry.name) : isTelling(entry);
      if (taken) entries.push(entry);
      if (entries.length > mostFiles + mostFolders) break;
    }
  } catch (error) {
    unread.push({ path: path === '' ? '.' : path, why: reason(error) });
    return [];
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function sizeOf(path: string): Promise<number | { readonly why: string }> {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    return { why: reason(error) };
  }
}

function fileAt(root: string, path: string, unread: Unread[]): SourceFile {
  let told = false;
  return {
    path,
    get text() {
      const text = textOf(join(root, path));
      if (typeof text === 'string') return text;
      if (!told) unread.push({ path, why: text.why });
      told = true;
      return '';
    },
  };
}

/** The text, or why not. At most the limit is read, whatever the file has become since it was looked at. */
function textOf(path: string): string | { readonly why: string } {
  try {
    // one that has become a link, or a pipe, is not followed, nor waited for
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const found = fstatSync(file);
      if (!found.isFile()) return { why: 'is no file any more' };
      const buffer = Buffer.alloc(Math.min(found.size, largest) + 1);
      const bytesRead = readSync(file, buffer, 0, buffer.length, 0);
      if (bytesRead > largest) return { why: tooLarge };
      return buffer.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '');
    } finally {
      closeSync(file);
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
