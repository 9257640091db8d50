/** A directive of nginx, with what is between its braces. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  /** offset of its name */
  readonly at: number;
  /** null: it ends with `;` */
  readonly block: readonly Directive[] | null;
}

const token = /\s+|#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]|(?:\$\{\w+\}|[^\s{};"'])+/gy;

/** The directives of a file; null where it is no nginx configuration. */
export function directivesOf(text: string): Directive[] | null {
  const open: { name: string; args: string[]; at: number; block: Directive[] }[] = [];
  let block: Directive[] = [];
  const root = block;
  let words: { text: string; at: number }[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [piece] = match;
    end = match.index + piece.length;
    const [head, ...args] = words;
    if (/^(\s|#)/.test(piece)) continue;
    if (piece === ';') {
      if (head !== undefined)
        block.push({ name: head.text, args: args.map((each) => each.text), at: head.at, block: null });
      words = [];
    } else if (piece === '{') {
      if (head === undefined) return null;
      const inner: Directive[] = [];
      open.push({ name: head.text, args: args.map((each) => each.text), at: head.at, block });
      block = inner;
      words = [];
    } else if (piece === '}') {
      const closed = open.pop();
      if (closed === undefined || head !== undefined) return null;
      closed.block.push({ name: closed.name, args: closed.args, at: closed.at, block });
      block = closed.block;
    } else words.push({ text: piece.replace(/^(["'])([\s\S]*)\1$/, '$2'), at: match.index });
  }
  return end === text.length && open.length === 0 && words.length === 0 ? root : null;
}

/** A location that hands requests on. */
export interface Location {
  /** as nginx compares: `=`, `^~`, `~`, `~*`, or empty for a prefix */
  readonly modifier: string;
  readonly path: string;
  readonly at: number;
  /** the server it is in, by offset */
  readonly server: number;
  readonly proxied: boolean;
  /** whether a handshake of a WebSocket gets through */
  readonly upgrade: 'yes' | 'no' | 'unknown';
}

/** The locations of every server. `included` finds the directives of an included file; null where it is not here. */
export function locationsOf(
  directives: readonly Directive[],
  included: (path: string) => readonly Directive[] | null,
): Location[] {
  const servers = directives.flatMap((each) => (each.name === 'http' ? (each.block ?? []) : [each]));
  const outer = directives.filter(({ name }) => name === 'http').flatMap(({ block }) => block ?? []);
  return servers
    .filter(({ name }) => name === 'server')
    .flatMap((server) => within(server.block ?? [], [outer, server.block ?? []], server.at, included));
}

type Included = (path: string) => readonly Directive[] | null;

function within(
  block: readonly Directive[],
  around: readonly (readonly Directive[])[],
  server: number,
  included: Included,
): Location[] {
  return block.flatMap((each) => {
    if (each.name !== 'location' || each.block === null) return [];
    const [modifier = '', path = ''] = each.args.length > 1 ? each.args : ['', ...each.args];
    const levels = [...around, each.block];
    const proxied = each.block.some(
      ({ name }) => name === 'proxy_pass' || name === 'grpc_pass' || name === 'uwsgi_pass',
    );
    const location = { modifier, path, at: each.at, server, proxied, upgrade: upgradeOf(levels, included) };
    return [location, ...within(each.block, levels, server, included)];
  });
}

/** The innermost level that sets any header decides for all of them. */
function upgradeOf(levels: readonly (readonly Directive[])[], included: Included): Location['upgrade'] {
  for (const level of [...levels].reverse()) {
    const includes = level.filter(({ name }) => name === 'include').map(({ args }) => included(args[0] ?? ''));
    if (includes.some((each) => each === null)) return 'unknown';
    const headers = [...level, ...includes.flatMap((each) => each ?? [])].filter(
      ({ name }) => name === 'proxy_set_header',
    );
    if (headers.length === 0) continue;
    const set = (header: string) => headers.some(({ args }) => args[0]?.toLowerCase() === header && args[1] !== '');
    return set('upgrade') && set('connection') ? 'yes' : 'no';
  }
  return 'no';
}

/** The location that answers a path, as nginx chooses: exact, then `^~`, then the first pattern, then the longest prefix. */
export function locationFor(locations: readonly Location[], path: string): Location | null {
  const prefixes = locations
    .filter(({ modifier, path: prefix }) => (modifier === '' || modifier === '^~') && path.startsWith(prefix))
    .sort((a, b) => b.path.length - a.path.length);
  const exact = locations.find((each) => each.modifier === '=' && each.path === path);
  if (exact !== undefined) return exact;
  if (prefixes[0]?.modifier === '^~') return prefixes[0];
  const pattern = locations.find((each) => each.modifier.startsWith('~') && matches(each, path));
  return pattern ?? prefixes[0] ?? null;
}

function matches({ modifier, path: pattern }: Location, path: string): boolean {
  try {
    return new RegExp(pattern, modifier === '~*' ? 'i' : '').test(path);
  } catch {
    return false;
  }
}
