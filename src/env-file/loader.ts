import { dotenvExpansion, interpolated, viteExpansion } from './expansion.js';
import { layered } from './layers.js';
import { loadNext } from './load-next.js';
import type { LoaderName } from './loader-name.js';
import { readBash } from './loaders/bash.js';
import { readCompose } from './loaders/compose.js';
import { readDocker } from './loaders/docker.js';
import { readDotenv } from './loaders/dotenv.js';
import { readNode } from './loaders/node.js';
import type { PythonDialect } from './loaders/python-dotenv.js';
import { readPythonDotenv } from './loaders/python-dotenv.js';
import { readStarlette } from './loaders/starlette.js';
import { readSystemd } from './loaders/systemd.js';
import type { Read } from './reading.js';
import type { Environment, Loaded, TextFile } from './setting.js';

export type { LoaderName } from './loader-name.js';
export { loaderNames } from './loader-name.js';

/** Releases that read differently. The newest of each is what is taken where nothing else is known. */
export interface Dialects {
  /** Node 20 is `classic`, Node 22 and later `modern`; also decides for Vite */
  readonly node: 'classic' | 'modern';
  readonly python: PythonDialect;
  readonly docker: 'kept' | 'stripped';
}

export const newest: Dialects = { node: 'modern', python: 'newer', docker: 'stripped' };

/** One way in which services come to their environment. */
export interface Loader {
  readonly name: LoaderName;
  /** in messages: "{title} reads ..." */
  readonly title: string;
  /** the files it reads by itself, in the order in which `load` wants them; `declared` are those it was told */
  files(declared: readonly string[], mode: string): readonly string[];
  /**
   * pure: nothing is opened, and nothing in a file is ever run. `wanted`: which settings will be asked for, all unless it is
   * given; the others may be missing
   */
  load(files: readonly TextFile[], env: Environment, wanted?: (spelled: string) => boolean): Loaded;
  /** names with these beginnings are sent to the browser */
  readonly publicPrefixes: readonly string[];
  /** the spelling of a name in what `load` returns */
  spelled(name: string): string;
  /** whether its releases read differently */
  readonly varies: boolean;
  /** false where a daemon starts the service: the environment of this shell is not its own */
  readonly inherits: boolean;
}

/** The loader of a name, in the dialects of the releases at hand. */
export function loaderFor(name: LoaderName, dialects: Dialects = newest): Loader {
  return { ...usual, name, ...table[name](dialects) };
}

const usual = {
  files: declaredOnly,
  publicPrefixes: [],
  spelled: (name: string) => name,
  varies: false,
  inherits: true,
} satisfies Partial<Loader>;

type Row = Pick<Loader, 'title' | 'load'> & Partial<Loader>;

const table: Readonly<Record<LoaderName, (dialects: Dialects) => Row>> = {
  next: () => ({ title: 'Next.js', load: loadNext, files: nextFiles, publicPrefixes: ['NEXT_PUBLIC_'] }),
  vite: ({ node }) => ({
    title: 'Vite',
    varies: true,
    load: layered({ ...javascript, read: sorted(readNode(node)), strongest: 'last', expand: viteExpansion }),
    files: viteFiles,
    publicPrefixes: ['VITE_'],
  }),
  dotenv: () => ({ title: 'dotenv', load: layered({ ...javascript, read: readDotenv, strongest: 'first' }) }),
  'dotenv-expand': () => ({
    title: 'dotenv-expand',
    load: layered({
      ...javascript,
      read: readDotenv,
      strongest: 'first',
      shellWins: 'unless-empty',
      expand: dotenvExpansion,
    }),
  }),
  node: ({ node }) => ({
    title: 'node --env-file',
    varies: true,
    load: layered({ ...javascript, read: readNode(node), strongest: 'last' }),
  }),
  'python-dotenv': ({ python }) => ({
    title: 'python-dotenv',
    varies: true,
    load: layered({
      ...strictUtf8,
      read: interpolated(readPythonDotenv(python), 'environment'),
      strongest: 'first',
      sees: 'environment-then-earlier-files',
    }),
  }),
  'pydantic-settings': ({ python }) => ({
    title: 'pydantic-settings',
    varies: true,
    load: layered({
      ...strictUtf8,
      read: interpolated(readPythonDotenv(python), 'file'),
      strongest: 'last',
      sees: 'environment',
      spelling: lowerCase,
    }),
    spelled: lowerCase,
  }),
  starlette: () => ({
    title: 'starlette Config',
    load: layered({ ...strictUtf8, read: readStarlette, strongest: 'first', sees: 'environment' }),
  }),
  bash: () => ({
    title: 'bash',
    load: layered({
      read: readBash,
      strongest: 'last',
      shellWins: false,
      strict: false,
      sees: 'earlier-files-then-environment',
    }),
  }),
  docker: ({ docker }) => ({
    title: 'docker run',
    varies: true,
    inherits: false,
    load: layered({ ...container, read: readDocker(docker), sees: 'environment' }),
  }),
  compose: () => ({
    title: 'Docker Compose',
    inherits: false,
    load: layered({ ...container, strict: false, read: readCompose, sees: 'earlier-files-then-environment' }),
  }),
  systemd: () => ({
    title: 'systemd',
    inherits: false,
    load: layered({ ...container, read: readSystemd, sees: 'environment' }),
  }),
};

const javascript = { shellWins: true, strict: false, sees: 'environment' } as const;
const strictUtf8 = { shellWins: true, strict: true } as const;
/** started by a daemon: the environment of this shell is not the service's */
const container = { strongest: 'last', shellWins: false, strict: true } as const;

function lowerCase(name: string): string {
  return name.toLowerCase();
}

/** `util.parseEnv` hands names over in byte order. */
function sorted(read: Read): Read {
  return (text, lookup) => {
    const { assignments, troubles } = read(text, lookup);
    return { assignments: assignments.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)), troubles };
  };
}

function declaredOnly(declared: readonly string[]): readonly string[] {
  return declared.length > 0 ? declared : ['.env'];
}

/** Strongest first. Under `test`, `.env.local` is left out. */
function nextFiles(_: readonly string[], mode: string): readonly string[] {
  const local = mode === 'test' ? [] : ['.env.local'];
  return [`.env.${mode}.local`, ...local, `.env.${mode}`, '.env'];
}

/** Strongest last. */
function viteFiles(_: readonly string[], mode: string): readonly string[] {
  return ['.env', '.env.local', `.env.${mode}`, `.env.${mode}.local`];
}
