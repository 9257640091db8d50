import { relative, resolve } from 'node:path';
import type { Known } from '../../checkout/look.js';
import type { Look } from '../../core/evidence/evidence.js';
import type { Observation } from '../../core/observation.js';
import type { Unread } from '../../core/source-tree.js';

/** Where the sources are, and what is known of them. */
export interface Sources {
  /** as it was given, from the folder of this run */
  readonly dir: string;
  readonly cwd: string;
  /** absolute folders of the sides, where they are known */
  readonly frontend?: string | undefined;
  readonly backend?: string | undefined;
  /** address of the socket, where it is known */
  readonly socket?: string | undefined;
}

export interface SourcesSeen {
  readonly observations: readonly Observation[];
  readonly look: Look;
}

/** What the source trees under a folder say. The parsers are loaded here, and by nobody else. */
export async function lookAtSources(sources: Sources): Promise<SourcesSeen> {
  const root = resolve(sources.cwd, sources.dir);
  const [{ readSourceTree }, { lookAtCheckout }] = await Promise.all([
    import('../../io/source-tree.js'),
    import('../../checkout/look.js'),
  ]);
  const { observations, unread } = lookAtCheckout(await readSourceTree(root), knownOf(sources, root));
  const from = relative(sources.cwd, root);
  const placed = observations.map((each) => ({ ...each, path: below(from, each.path) }));
  const failed = failure(
    observations,
    unread.map(({ path, why }) => ({ path: below(from, path), why })),
  );
  return { observations: placed, look: { part: 'checkout', failed } };
}

function knownOf({ frontend, backend, socket }: Sources, root: string): Known {
  const inside = (dir: string | undefined) => {
    const path = dir === undefined ? '..' : relative(root, dir).replaceAll('\\', '/');
    return path === '..' || path.startsWith('../') ? null : path || '.';
  };
  const [front, back] = [inside(frontend), inside(backend)];
  return {
    ...(front === null ? {} : { frontend: front }),
    ...(back === null ? {} : { backend: back }),
    ...(socket !== undefined && URL.canParse(socket) ? { socket: new URL(socket).pathname } : {}),
  };
}

function below(from: string, path: string): string {
  if (from === '') return path;
  return path === '.' ? from : `${from.replaceAll('\\', '/')}/${path}`;
}

/** What leaves the question open; null where nothing does. Code that no person wrote is not missed. */
function failure(observations: readonly Observation[], unread: readonly Unread[]): string | null {
  const missed = unread.filter(({ why }) => why !== 'is minified' && why !== 'is larger than 1 MiB');
  const [first] = missed;
  if (first !== undefined) {
    const others = missed.length === 1 ? '' : `, and ${missed.length - 1} more`;
    return `${first.path} ${first.why}${others}`;
  }
  const told = observations.some(
    ({ kind }) => kind === 'auth.instance' || kind === 'verify.call' || kind === 'verify.off',
  );
  return told ? null : 'neither a call of betterAuth() nor a verification of tokens is in its files';
}
