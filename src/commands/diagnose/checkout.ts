import { relative, resolve } from 'node:path';
import type { Known } from '../../checkout/look.js';
import type { Looking } from '../../checkout/sightings.js';
import type { Look } from '../../core/evidence/evidence.js';
import type { Observation } from '../../core/observation.js';
import type { Unread } from '../../core/source-tree.js';
import type { World } from '../../world.js';

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
export async function lookAtSources(sources: Sources, world: Clock): Promise<SourcesSeen> {
  const root = resolve(sources.cwd, sources.dir);
  const [{ readSourceTree }, { lookingAtCheckout }] = await Promise.all([
    import('../../io/source-tree.js'),
    import('../../checkout/look.js'),
  ]);
  const seen = await rested(lookingAtCheckout(await readSourceTree(root), knownOf(sources, root)), world);
  if (seen === null)
    return { observations: [], look: { part: 'checkout', failed: 'its files were not all looked at' } };
  const { observations, unread } = seen;
  const from = relative(sources.cwd, root);
  const placed = observations.map((each) => ({ ...each, path: below(from, each.path) }));
  const failed = failure(
    observations,
    unread.map(({ path, why }) => ({ path: below(from, path), why })),
  );
  return { observations: placed, look: { part: 'checkout', failed } };
}

type Clock = Pick<World, 'monotonic' | 'timer' | 'interrupted'>;
/** Milliseconds in which nobody else is heard: a signal, the end of the time. */
const breath = 50;

/** A long look to its end; null where the run ends before. */
async function rested<T>(looking: Looking<T>, { monotonic, timer, interrupted }: Clock): Promise<T | null> {
  for (let since = monotonic(); !interrupted.aborted; ) {
    const { done, value } = looking.next();
    if (done === true) return value;
    if (monotonic() - since < breath) continue;
    await new Promise<void>((resolve) => timer(0, resolve));
    since = monotonic();
  }
  return null;
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
  const missed = unread.filter(({ why }) => !/^is (minified|larger than (1 MiB|128 KiB))$/.test(why));
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
