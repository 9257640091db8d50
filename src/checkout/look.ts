import type { Observation, Sighting } from '../core/observation.js';
import type { SourceTree, Unread } from '../core/source-tree.js';
import { folderOf } from '../core/source-tree.js';
import { lookAtEdge } from './edge/look.js';
import { lookAtPython } from './python/look.js';
import type { Looking } from './sightings.js';
import { lookAtTypeScript } from './typescript/look.js';

/** What is known of a checkout beside its files. */
export interface Known {
  /** folders of the two sides, where they are known */
  readonly frontend?: string;
  readonly backend?: string;
  /** whole path of the socket as a browser asks for it */
  readonly socket?: string;
}

export interface CheckoutSeen {
  readonly observations: readonly Observation[];
  readonly unread: readonly Unread[];
}

/** Tests and examples hold made-up secrets and wrong options on purpose. */
const made =
  /(^|\/)(tests?|__tests__|__mocks__|e2e|spec|specs|cypress|playwright|fixtures|examples?|docs|stories)\/|\.(test|spec|stories|d\.test)\.[mc]?[jt]sx?$|(^|\/)(conftest|test_[^/]*|[^/]*_test)\.py$/;

/** What both source trees say, as far as it can be known without running anything. Pure; bounded. */
export function lookAtCheckout(whole: SourceTree, known: Known = {}): CheckoutSeen {
  const looking = lookingAtCheckout(whole, known);
  for (;;) {
    const { done, value } = looking.next();
    if (done === true) return value;
  }
}

/** The same, with rests in between. */
export function* lookingAtCheckout(whole: SourceTree, known: Known = {}): Looking<CheckoutSeen> {
  const tree = { ...whole, files: whole.files.filter(({ path }) => !made.test(path)) };
  const script = yield* lookAtTypeScript(tree);
  const python = yield* lookAtPython(tree);
  const sockets = script.sightings.flatMap(({ kind, data }) =>
    kind === 'socket.opened' && data.whole === true ? [String(data.path)] : [],
  );
  const edge = lookAtEdge(tree, [...new Set([...(known.socket === undefined ? [] : [known.socket]), ...sockets])]);
  const packages = packagesOf(tree);
  const homes = new Set(
    script.sightings.filter(({ kind }) => kind === 'auth.instance').map(({ path }) => homeOf(packages, path)),
  );
  const sideOf = ({ path }: Sighting): Observation['side'] => {
    if (known.backend !== undefined && known.backend !== known.frontend && isIn(path, known.backend)) return 'backend';
    if (known.frontend !== undefined && isIn(path, known.frontend)) return 'frontend';
    return homes.size === 0 || homes.has(homeOf(packages, path)) ? 'frontend' : 'backend';
  };
  const observations: Observation[] = [
    ...script.sightings.map((each) => ({
      ...each,
      side: frontendOnly.test(each.kind) ? ('frontend' as const) : sideOf(each),
    })),
    ...python.sightings.map((each) => ({ ...each, side: 'backend' as const })),
    ...edge.sightings.map((each) => ({ ...each, side: 'edge' as const })),
  ];
  return {
    observations: observations.sort(byPlace),
    unread: [...tree.unread, ...script.unread, ...python.unread, ...edge.unread],
  };
}

const frontendOnly = /^(auth|jwt|client|chatkit|session|route|socket)\./;

function packagesOf({ files }: SourceTree): ReadonlySet<string> {
  return new Set(files.flatMap(({ path }) => (/(^|\/)package\.json$/.test(path) ? [folderOf(path)] : [])));
}

/** The folder of the package that a file belongs to; its first folder where there is no package.json. */
function homeOf(packages: ReadonlySet<string>, path: string): string {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    if (packages.has(folder)) return folder;
    if (folder === '.') return path.includes('/') ? (path.split('/')[0] as string) : '.';
  }
}

function isIn(path: string, folder: string): boolean {
  return folder === '.' || path.startsWith(`${folder.replace(/\/$/, '')}/`);
}

function byPlace(a: Observation, b: Observation): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line || a.column - b.column;
}
