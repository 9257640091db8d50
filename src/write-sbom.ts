import { readFileSync, writeFileSync } from 'node:fs';

// a step of the build, run in the package's folder: what is in the program, and what an install of it brings

/** A package of package-lock.json (lockfileVersion 3). */
interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
const { name, version, license, description } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  string,
  string
>;

/** The names that a package loads: a peer that is optional is brought by nobody. */
function needs({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }: Locked): string[] {
  const peers = Object.keys(peerDependencies ?? {}).filter((peer) => peerDependenciesMeta?.[peer]?.optional !== true);
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
}

/** Where a name leads from a package in the tree of node_modules; undefined for what this machine does not install. */
function found(from: string, needed: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${needed}`;
    if (packages[place] !== undefined) return place;
    if (at === '') return undefined;
  }
}

/** Each package that is reached from the root by what packages need, with what it needs itself. */
function reached(): Map<string, string[]> {
  const edges = new Map<string, string[]>();
  const waiting = [''];
  for (const at of waiting) {
    if (edges.has(at)) continue;
    const next = needs(packages[at] ?? {}).flatMap((needed) => found(at, needed) ?? []);
    edges.set(at, next);
    waiting.push(...next);
  }
  return edges;
}

const nameOf = (place: string) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
const refOf = (place: string) => (place === '' ? `${name}@${version}` : `${nameOf(place)}@${packages[place]?.version}`);
const purlOf = (ref: string) => `pkg:npm/${ref.replace(/^@/, '%40')}`;
/** an SPDX identifier, or an expression of several */
const licensed = (said: string) => (/[ ()]/.test(said) ? [{ expression: said }] : [{ license: { id: said } }]);

function component(place: string) {
  const { version: own = '', integrity = '', license: said } = packages[place] ?? {};
  const [, sha512] = /^sha512-(.+)$/.exec(integrity) ?? [];
  const ref = refOf(place);
  return {
    'bom-ref': ref,
    type: 'library',
    name: nameOf(place),
    version: own,
    scope: 'required',
    ...(sha512 === undefined
      ? {}
      : { hashes: [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }] }),
    ...(said === undefined ? {} : { licenses: licensed(said) }),
    purl: purlOf(ref),
  };
}

const edges = reached();
const byRef = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
const root = refOf('');
// without a serial number and a time: the same sources make the same bytes
const bom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: {
    lifecycles: [{ phase: 'build' }],
    component: {
      'bom-ref': root,
      type: 'application',
      name,
      version,
      description,
      licenses: licensed(license ?? ''),
      purl: purlOf(root),
    },
  },
  components: [...edges.keys()]
    .filter((place) => place !== '')
    .map(component)
    .sort((one, other) => byRef(one['bom-ref'], other['bom-ref'])),
  dependencies: [...edges]
    .map(([place, next]) => ({ ref: refOf(place), dependsOn: [...new Set(next.map(refOf))].sort(byRef) }))
    .sort((one, other) => byRef(one.ref, other.ref)),
};
writeFileSync('dist/sbom.cdx.json', `${JSON.stringify(bom, null, 2)}\n`);
