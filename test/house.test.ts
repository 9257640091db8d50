import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

/** Who may import whom. A layer that is not here may not exist. `docs/architecture.md` says why. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'env-file': ['core'],
  'auth-schema': ['core', 'migrations'],
  token: ['core', 'env-file'],
  client: [],
  react: ['client'],
  'client-node': ['client'],
  setup: ['core', 'env-file'],
  checkout: ['core'],
  world: ['core'],
  io: ['core', 'world', 'env-file', 'auth-schema', 'token', 'client', 'client-node', 'migrations'],
  report: ['core', 'token', 'env-file', 'auth-schema', 'setup'],
  rules: ['core', 'env-file', 'token'],
  checks: ['core', 'token', 'client', 'env-file', 'checks'],
  config: ['core', 'world', 'env-file'],
  commands: [
    'core',
    'world',
    'config',
    'report',
    'checks',
    'rules',
    'setup',
    'checkout',
    'env-file',
    'auth-schema',
    'token',
    'io',
    'migrations',
  ],
  demo: ['core', 'world', 'io', 'token', 'migrations'],
  main: ['core', 'world', 'commands'],
  entry: ['main', 'io'],
  'write-schema': ['config'],
  'write-starts': ['main', 'world', 'starts-deployment'],
  'starts-deployment': [],
  'write-sbom': [],
  'write-docs': ['report', 'config', 'checks', 'rules'],
  migrations: [],
};

/** The one command that knows the embedded deployment, and the one list of commands. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  'src/commands/demo.ts': ['demo'],
  'src/commands/demo-options.ts': ['demo'],
};

/** Packages that touch the outside, and the only layers that may hold them. */
const outside: Readonly<Record<string, readonly string[]>> = {
  ws: ['io', 'demo', 'starts-deployment'],
  pg: ['io', 'demo'],
  'tough-cookie': ['io'],
  '@inquirer/prompts': ['io'],
  ora: ['io'],
  chalk: ['io'],
  '@babel/parser': ['checkout'],
  yaml: ['checkout'],
  'smol-toml': ['checkout'],
  commander: ['commands'],
  'better-auth': ['demo'],
  '@electric-sql/pglite': ['demo'],
};
const impureBuiltins = /^node:(fs|net|http|https|tls|dns|child_process|process|os|worker_threads|readline|timers)/;
const pure = ['core', 'env-file', 'setup', 'checkout', 'auth-schema', 'token', 'client', 'report', 'rules', 'checks'];

/** A file without its comments. */
function code(file: string): string {
  return readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}

interface Import {
  readonly file: string;
  readonly layer: string;
  readonly specifier: string;
  /** the layer it leads to, null for a package */
  readonly to: string | null;
}

function layerOf(file: string): string {
  const [top, second = ''] = path.relative(root, file).split(path.sep);
  return top === 'src' ? second.replace(/(\.d)?\.ts$/, '') : (top as string);
}

function imports(): Import[] {
  const files = ['src', 'migrations'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  return files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const found = [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1] as string);
    return found.map((specifier) => {
      const relative = specifier.startsWith('.');
      const to = relative
        ? layerOf(path.resolve(path.dirname(file), specifier.replace(/\.js$/, '.ts')))
        : (/^virtual:(checks|rules)$/.exec(specifier)?.[1] ?? null);
      return { file: path.relative(root, file), layer: layerOf(file), specifier, to };
    });
  });
}

describe('the house', () => {
  const all = imports();

  it('is not empty: the imports were really read', () => {
    expect(all.length).toBeGreaterThan(100);
    expect(all.some(({ layer, to }) => layer === 'checks' && to === 'core')).toBe(true);
  });

  it('lets each layer import only what lies below it', () => {
    const wrong = all.flatMap(({ file, layer, specifier, to }) => {
      if (to === null || to === layer || to === 'package.json') return [];
      const allowed = mayImport[layer];
      if (allowed === undefined)
        return [`${file}: src/${layer} is not a layer; the layers are ${Object.keys(mayImport).join(', ')}`];
      if (allowed.includes(to) || exceptions[file]?.includes(to) === true) return [];
      return [
        `${file} imports ${specifier}: ${layer} may import only ${allowed.join(', ') || 'nothing'} (docs/architecture.md)`,
      ];
    });
    expect([...new Set(wrong)]).toEqual([]);
  });

  it('keeps packages that touch the outside where they belong', () => {
    const wrong = all.flatMap(({ file, layer, specifier, to }) => {
      if (to !== null) return [];
      const homes = Object.entries(outside).find(
        ([name]) => specifier === name || specifier.startsWith(`${name}/`),
      )?.[1];
      return homes === undefined || homes.includes(layer)
        ? []
        : [`${file} imports ${specifier}: it belongs into ${homes.join(' or ')}`];
    });
    expect(wrong).toEqual([]);
  });

  it('keeps pure layers from files, networks and processes', () => {
    const wrong = all.filter(({ layer, specifier }) => pure.includes(layer) && impureBuiltins.test(specifier));
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}: hand it in instead`)).toEqual([]);
  });

  it('keeps the client library free of Node', () => {
    expect(all.filter(({ layer, specifier }) => layer === 'client' && specifier.startsWith('node:'))).toEqual([]);
  });

  it('prints, exits and reads the process only in its outermost rooms', () => {
    const wrong = readdirSync(path.join(root, 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => !['io', 'demo'].includes(layerOf(file)))
      .filter((file) => /\bprocess\.(exit|env|argv|stdout|stderr|cwd)\b|\bconsole\./.test(code(file)))
      .map((file) => path.relative(root, file));
    expect(wrong).toEqual([]);
  });

  it('draws the chance of its tests from the one seed of the run, so that it can be had again', () => {
    // this file; the doors themselves; programs that print their own seeds; what stands for somebody else's server
    const may = /^test\/(house\.test\.ts|support\/(choose-seed|fast-check)\.ts|kill-matrix\/run\.ts|soak\/|stock\/)/;
    const drawn =
      /Math\.random|randomUUID|getRandomValues|randomInt\b|from 'fast-check'|\brandom(Bytes|Fill)\b[^;]*'node:crypto'/;
    const files = readdirSync(path.join(root, 'test'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|js|mjs)$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name));
    const wrong = files.filter((file) => !may.test(path.relative(root, file)) && drawn.test(code(file)));
    expect(wrong.map((file) => `${path.relative(root, file)}: test/support has fast-check.ts and chance.ts`)).toEqual(
      [],
    );
    expect(files.filter((file) => drawn.test(code(file))).length, 'chance is seen').toBeGreaterThan(2);
  });
});
