import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const text = (file: string) => readFileSync(path.join(root, file), 'utf8');
const write = () => spawnSync(process.execPath, ['dist/build/write-sbom.js'], { cwd: root, encoding: 'utf8' });

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly content: string }[];
  readonly licenses?: readonly unknown[];
}
const bom = JSON.parse(text('dist/sbom.cdx.json')) as {
  readonly specVersion: string;
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
};
const named = new Set(bom.components.map(({ name }) => name));
const packageOf = (specifier: string) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] as string;

describe('the bill of materials', () => {
  it('names every package of which something is in the program', () => {
    const chunks = JSON.parse(text('dist/build/chunks.json')) as Record<string, string[]>;
    const inside = Object.values(chunks)
      .flat()
      .flatMap((id) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []);
    expect(new Set(inside).size).toBeGreaterThan(30);
    expect([...new Set(inside)].filter((name) => !named.has(name))).toEqual([]);
    // the copy inside is the one that is named
    for (const { name, version } of bom.components.filter((each) => inside.includes(each.name)))
      expect(JSON.parse(text(`node_modules/${name}/package.json`)).version).toBe(version);
  });

  it('names every package that the program and the libraries load as it is installed', () => {
    const files = ['dist/cli', 'dist/demo', 'dist/lib'].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.c?js$/.test(file))
        .map((file) => `${folder}/${file}`),
    );
    const loaded = files.flatMap((file) =>
      [
        ...text(file).matchAll(
          /^(?:import|export)\b[^'"\n]*['"]([^'"\n]+)['"];?$|(?:\brequire|\bimport)\(["']([^"'\n]+)["']\)/gm,
        ),
      ]
        .map(([, one, other]) => one ?? other ?? '')
        .filter((specifier) => /^[@a-z]/.test(specifier) && !specifier.startsWith('node:'))
        .map(packageOf),
    );
    const packages = [...new Set(loaded)].filter((name) => !builtinModules.includes(name));
    expect(packages).toContain('better-auth');
    // what is not installed here either is brought by nobody (bufferutil, pg-native); react by whoever uses lockstep/react
    const there = packages.filter((name) => name !== 'react' && existsSync(path.join(root, 'node_modules', name)));
    expect(there.length).toBeGreaterThan(5);
    expect(there.filter((name) => !named.has(name))).toEqual([]);
  });

  it('names nothing of the workshop', () => {
    const { devDependencies, dependencies } = JSON.parse(text('package.json'));
    const shared = Object.keys(devDependencies).filter((name) => named.has(name));
    // @babel/parser needs its types
    expect(shared).toEqual(['@babel/types']);
    for (const [name, version] of Object.entries(dependencies))
      expect(bom.components).toContainEqual(expect.objectContaining({ name, version }));
  });

  it('says of each what it is, and by whom it is needed', () => {
    for (const { name, version, purl, hashes, licenses } of bom.components) {
      expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
      expect(hashes?.[0]?.content, name).toMatch(/^[0-9a-f]{128}$/);
      expect(licenses, name).toHaveLength(1);
    }
    const needed = new Set(bom.dependencies.flatMap(({ dependsOn }) => dependsOn));
    for (const { name, version } of bom.components) expect(needed).toContain(`${name}@${version}`);
  });

  it('is the same for the same sources, whenever and wherever it is written', () => {
    const before = text('dist/sbom.cdx.json');
    expect(write()).toMatchObject({ status: 0, stderr: '' });
    expect(text('dist/sbom.cdx.json')).toBe(before);
    expect(before).not.toMatch(/serialNumber|timestamp|20\d\d-\d\d-\d\dT/);
    expect(before).not.toContain(root);
  });
});
