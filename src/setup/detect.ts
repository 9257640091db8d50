import type { LoaderName } from '../env-file/loader.js';
import type { Driver } from './database-url.js';
import type { Side } from './service.js';
import { within } from './service.js';

/** A folder of the checkout: the names in it, and the text of those files that tell what it is. */
export interface Folder {
  /** from the folder of lockstep.json, with slashes */
  readonly dir: string;
  readonly names: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
}

/** What a folder looks like. */
export interface Detected {
  readonly side: Side;
  readonly dir: string;
  readonly loader: LoaderName;
  readonly driver: Driver;
}

/** The files whose text is worth reading. */
export function telling(name: string): boolean {
  return /^(package\.json|pyproject\.toml|Pipfile|requirements.*\.txt|(docker-)?compose.*\.ya?ml)$/.test(name);
}

/** Folders that hold other people's or generated code. */
export function foreign(name: string): boolean {
  return (
    name.startsWith('.') || /^(node_modules|dist|build|out|target|venv|env|vendor|coverage|__pycache__)$/.test(name)
  );
}

/**
 * The one folder that is the frontend and the one that is the backend, as far as the checkout tells. Null where
 * nothing looks like it, or where several look like it alike: then somebody must say.
 */
export function detect(folders: readonly Folder[]): Readonly<Record<Side, Detected | null>> {
  const composed = folders.flatMap(({ dir, texts }) => composedEnvFiles(dir, texts));
  const found = folders.flatMap((folder) => look(folder, composed));
  return { frontend: best(found, 'frontend'), backend: best(found, 'backend') };
}

interface Candidate extends Detected {
  readonly weight: number;
}

const named: Readonly<Record<Side, RegExp>> = {
  frontend: /^(frontend|front|web|client|app|ui|site)$/,
  backend: /^(backend|back|api|server|service)$/,
};

function best(found: readonly Candidate[], side: Side): Detected | null {
  const [first, second] = found.filter((each) => each.side === side).sort((a, b) => b.weight - a.weight);
  if (first === undefined || first.weight === second?.weight) return null;
  const { dir, loader, driver } = first;
  return { side, dir, loader, driver };
}

function look({ dir, names, texts }: Folder, composed: readonly string[]): Candidate[] {
  const scripts = texts['package.json'] ?? '';
  const script = packagesOf(scripts);
  const python = new Set(
    Object.entries(texts).flatMap(([name, text]) => (/\.(toml|txt)$|^Pipfile$/.test(name) ? pythonPackages(text) : [])),
  );
  const nodeLoader = (usual: LoaderName): LoaderName => {
    if (/--env-file/.test(scripts)) return 'node';
    if (script.has('dotenv-expand')) return 'dotenv-expand';
    return script.has('dotenv') ? 'dotenv' : usual;
  };
  const weigh = (side: Side, sure: number) => sure + (named[side].test(dir.split('/').at(-1) ?? '') ? 2 : 0);
  const found: Candidate[] = [];
  const config = (tool: string) => names.some((name) => name.startsWith(`${tool}.config.`));
  const next = script.has('next') || config('next');
  const vite = script.has('vite') || config('vite');
  if (next || vite || script.has('better-auth')) {
    const loader = next ? 'next' : vite ? 'vite' : nodeLoader('dotenv');
    const weight = weigh('frontend', (next || vite ? 4 : 1) + (script.has('better-auth') ? 8 : 0));
    found.push({ side: 'frontend', dir, loader, driver: 'pg', weight });
  }
  const serves = some(script, ['express', 'fastify', 'hono', 'koa', '@nestjs/core', 'elysia']);
  if (serves && !next && !vite) {
    found.push({ side: 'backend', dir, loader: nodeLoader('dotenv'), driver: 'pg', weight: weigh('backend', 4) });
  }
  if (python.size > 0) {
    const driver = python.has('asyncpg') ? 'asyncpg' : 'psycopg';
    const weight = weigh(
      'backend',
      some(python, ['fastapi', 'starlette', 'flask', 'django', 'litestar', 'aiohttp']) ? 6 : 1,
    );
    found.push({
      side: 'backend',
      dir,
      loader: pythonLoader(python, composed.includes(within(dir, '.env'))),
      driver,
      weight,
    });
  }
  return found;
}

function pythonLoader(packages: ReadonlySet<string>, composed: boolean): LoaderName {
  if (packages.has('pydantic-settings')) return 'pydantic-settings';
  if (packages.has('python-dotenv')) return 'python-dotenv';
  if (composed) return 'compose';
  // uvicorn --env-file and fastapi dev read with python-dotenv as well
  return 'python-dotenv';
}

/** The packages that a package.json names; none where it cannot be read. */
function packagesOf(text: string): ReadonlySet<string> {
  try {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(text) as Record<string, Record<string, string>>;
    return new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
  } catch {
    return new Set();
  }
}

/** Names at the beginning of lines and of quoted texts: requirements.txt, PEP 621 and Poetry alike (PEP 503 spelling). */
function pythonPackages(text: string): string[] {
  const found = text.matchAll(/(?:^[ \t]*|["'])([A-Za-z][A-Za-z0-9._-]*)(?=\[|\s*[=<>!~;@"',\r\n]|$)/gm);
  return [...found].map(([, name = '']) => name.toLowerCase().replaceAll(/[._-]+/g, '-'));
}

/** The files that compose files hand to their services. */
function composedEnvFiles(dir: string, texts: Readonly<Record<string, string>>): string[] {
  return Object.entries(texts).flatMap(([name, text]) => {
    if (!/compose.*\.ya?ml$/.test(name)) return [];
    const blocks = text.matchAll(/^\s*env_file:\s*(.*(?:\n\s*-.*)*)/gm);
    const files = [...blocks].flatMap(([, block = '']) => block.match(/[\w./-]*\.env[\w.-]*/g) ?? []);
    return files.map((file) => within(dir, file.replace(/^\.\//, '')));
  });
}

function some(packages: ReadonlySet<string>, names: readonly string[]): boolean {
  return names.some((name) => packages.has(name));
}
