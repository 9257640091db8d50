import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { largest, linesIn, mostLines, withinLines } from '../../env-file/decode.js';
import { tracked } from '../../env-file/git-index.js';
import { otherReleases } from '../../env-file/halves/releases.js';
import type { Found, SeenFile, Service } from '../../env-file/halves/service.js';
import type { Dialects } from '../../env-file/loader.js';
import { loaderFor, newest } from '../../env-file/loader.js';
import type { World } from '../../world.js';
import type { Known } from './services.js';

/** The env files that a service usually has. */
export const usual = ['.env', '.env.local', '.env.development', '.env.production', '.env.test', '.env.staging'];
/** Files whose values may have been taken for the right ones. */
const siblings = [
  ...usual,
  ...usual.map((name) => `${name}.bak`),
  '.env.production.local',
  '.env.example',
  '.env.sample',
  '.env.old',
];
/** bytes of an index of a million files, which are not held */
const largestIndex = 256 * 1024 * 1024;

/** This Node is taken for the service's. */
export const dialects: Dialects = {
  ...newest,
  node: Number(process.versions.node.split('.')[0]) < 22 ? 'classic' : 'modern',
};

/** Opens the files of a half: those that its loader reads, and those beside them. */
export async function lookAt(
  known: Known,
  mode: string,
  dialects: Dialects,
  world: Pick<World, 'files' | 'cwd'>,
  others: readonly string[] = siblings,
): Promise<{ service: Service; siblings: SeenFile[] }> {
  const loader = loaderFor(known.loader, dialects);
  const names = loader.files(known.env, mode);
  const files: Untold[] = [];
  let lines = mostLines;
  for (const name of names) {
    const path = resolve(known.dir, name);
    const found = withinLines(await world.files.inspect(path, largest), lines);
    if (found.kind === 'file') lines -= linesIn(found.bytes);
    files.push({ path, found });
  }
  const beside: Untold[] = [];
  const left = { bytes: 2 * largest, lines: 2 * mostLines };
  for (const name of others) {
    if (names.includes(name)) continue;
    // most are not there, and to work out how each would be called takes longer than to look for it
    const path = resolve(known.dir, name);
    const whole = await world.files.inspect(path, Math.min(left.bytes, largest));
    const found = withinLines(whole, Math.min(left.lines, mostLines));
    if (found.kind === 'file') {
      left.bytes -= found.bytes.length;
      left.lines -= linesIn(found.bytes);
    }
    if (found.kind === 'file' || found.kind === 'too-large') beside.push({ path, found });
  }
  const otherRelease = loaderFor(known.loader, otherReleases(dialects));
  const repository = await repositoryOf(known.dir, world);
  const inGit = await trackedIn(repository, [...files, ...beside], world);
  const told = (each: Untold): SeenFile => ({ ...each, path: nameOf(each.path, world), tracked: inGit(each) });
  const service = { side: known.side, loader, otherRelease, files: files.map(told), names: known.names };
  return { service, siblings: beside.map(told) };
}

/** A file by its path, outside any half. */
export async function lookAtFile(path: string, world: Pick<World, 'files' | 'cwd'>): Promise<SeenFile> {
  const found = withinLines(await world.files.inspect(path, largest));
  return { path: nameOf(path, world), found, tracked: null };
}

/** A file that nobody asked git about yet, by its absolute path. */
interface Untold {
  readonly path: string;
  readonly found: Found;
}

/** A file as it shows. */
function nameOf(path: string, { cwd }: Pick<World, 'cwd'>): string {
  return relative(cwd, path).split(sep).join('/') || basename(path);
}

/** Whether git tracks each of the files; null where nobody can say. The index is read once, and not before it is needed. */
async function trackedIn(
  repository: Repository | null,
  seen: readonly Untold[],
  { files }: Pick<World, 'files'>,
): Promise<(file: Untold) => boolean | null> {
  if (repository === null || !seen.some(({ found }) => found.kind === 'file')) return () => null;
  const { root, index, hash } = repository;
  const inside = (path: string) => relative(root, path).split(sep).join('/');
  const asked = seen.flatMap(({ path, found }) => (found.kind === 'file' ? [inside(path)] : []));
  const bytes = await files.bytes(index, largestIndex);
  const those = bytes === null ? null : await tracked(bytes, asked, hash);
  return ({ path, found }) => (those === null || found.kind !== 'file' ? null : those.has(inside(path)));
}

interface Repository {
  readonly root: string;
  /** path of its index */
  readonly index: string;
  readonly hash: 20 | 32;
}

/** The nearest work tree upward. Its `.git` may be a file that says where the folder is. */
async function repositoryOf(from: string, { files }: Pick<World, 'files'>): Promise<Repository | null> {
  for (let root = from; ; root = dirname(root)) {
    const git = await files.inspect(join(root, '.git'), 4096);
    if (git.kind === 'folder' || git.kind === 'file') {
      const text = git.kind === 'file' ? Buffer.from(git.bytes).toString() : '';
      const folder =
        git.kind === 'folder' ? join(root, '.git') : resolve(root, /^gitdir: (.*)$/m.exec(text)?.[1] ?? '.');
      const common = await files.inspect(join(folder, 'commondir'), 4096);
      const home = common.kind === 'file' ? resolve(folder, Buffer.from(common.bytes).toString().trim()) : folder;
      const config = await files.inspect(join(home, 'config'), largest);
      const sha256 = config.kind === 'file' && /objectformat\s*=\s*sha256/i.test(Buffer.from(config.bytes).toString());
      return { root, index: join(folder, 'index'), hash: sha256 ? 32 : 20 };
    }
    if (root === dirname(root)) return null;
  }
}
