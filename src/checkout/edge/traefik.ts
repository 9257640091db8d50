import { parse as parseToml } from 'smol-toml';
import { LineCounter, parseAllDocuments } from 'yaml';
import type { SourceFile, SourceTree, Unread } from '../../core/source-tree.js';
import { largest } from '../held.js';

/** A router as labels or a dynamic file declare it. */
export interface Router {
  readonly name: string;
  readonly rule: string;
  readonly middlewares: readonly string[];
  readonly file: SourceFile;
  /** offset of the rule in the file */
  readonly at: number;
  /** of a service of compose */
  readonly replicas: number;
  readonly sticky: boolean;
}

/** Everything that the files of a tree tell Traefik. */
export interface Traefik {
  readonly routers: readonly Router[];
  /** what a middleware of a name does: asks another service, or stands for others */
  readonly middlewares: ReadonlyMap<string, Middleware>;
  readonly unread: readonly Unread[];
}

export interface Middleware {
  readonly forwardAuth: boolean;
  readonly chain: readonly string[];
}

type Plain = Readonly<Record<string, unknown>>;
const mostAliases = 100;
/** Characters in all: YAML is parsed at a megabyte a second. */
const mostParsed = 4 * 1024 * 1024;

export function traefikOf({ files }: SourceTree): Traefik {
  const routers: Router[] = [];
  const middlewares = new Map<string, Middleware>();
  const unread: Unread[] = [];
  let left = mostParsed;
  for (const file of files) {
    if (!/\.(ya?ml|toml)$/.test(file.path)) continue;
    const { path, text } = file;
    if (!/traefik|routers|middlewares/i.test(text)) continue;
    left -= text.length;
    if (left < 0) {
      unread.push({ path: '.', why: 'says too much of Traefik: the rest was not looked at' });
      break;
    }
    const documents = text.length > largest ? 'is larger than 128 KiB' : documentsOf({ path, text });
    if (typeof documents === 'string') unread.push({ path: file.path, why: documents });
    else
      for (const document of documents)
        for (const declared of [...composed(document), { http: object(object(document).http), replicas: 1 }]) {
          routers.push(...routersOf(file, declared));
          for (const [name, held] of Object.entries(object(declared.http.middlewares)))
            middlewares.set(name, middlewareOf(object(held)));
        }
  }
  return { routers, middlewares, unread };
}

function documentsOf({ path, text }: SourceFile): unknown[] | string {
  try {
    if (path.endsWith('.toml')) return [parseToml(text)];
    const documents = parseAllDocuments(text, {
      lineCounter: new LineCounter(),
      logLevel: 'silent',
      uniqueKeys: false,
    });
    // templates of Helm and the like are no YAML
    if (documents.some(({ errors }) => errors.length > 0)) return 'is no YAML that can be parsed';
    return documents.map((document) => document.toJS({ maxAliasCount: mostAliases }) as unknown);
  } catch {
    return 'cannot be parsed';
  }
}

interface Declared {
  readonly http: Plain;
  readonly replicas: number;
}

/** The labels of each service of a compose file, as the dynamic file that they stand for. */
function composed(document: unknown): Declared[] {
  return Object.values(object(object(document).services)).map((service) => {
    const deploy = object(object(service).deploy);
    const labels = [...labelsOf(object(service).labels), ...labelsOf(deploy.labels)];
    const http: Record<string, unknown> = {};
    for (const [key, value] of labels) if (/^traefik\.http\./i.test(key)) put(http, key.split('.').slice(2), value);
    const replicas = deploy.replicas;
    return { http, replicas: typeof replicas === 'number' ? replicas : 1 };
  });
}

function labelsOf(labels: unknown): [string, string][] {
  if (!Array.isArray(labels)) return Object.entries(object(labels)).map(([key, value]) => [key, String(value)]);
  return labels.flatMap((label): [string, string][] => {
    const cut = String(label).indexOf('=');
    return cut < 0 ? [] : [[String(label).slice(0, cut), String(label).slice(cut + 1)]];
  });
}

function put(target: Record<string, unknown>, path: readonly string[], value: string): void {
  const [first = '', ...rest] = path;
  // labels are read whatever their case; `__proto__` is a name like any other
  const key = ['routers', 'middlewares', 'services'].find((each) => each === first.toLowerCase()) ?? first;
  if (rest.length === 0) {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
    return;
  }
  const own = Object.hasOwn(target, key) ? target[key] : undefined;
  const next: Record<string, unknown> = typeof own === 'object' && own !== null ? (own as Record<string, unknown>) : {};
  Object.defineProperty(target, key, { value: next, enumerable: true, configurable: true, writable: true });
  put(next, rest, value);
}

function routersOf(file: SourceFile, { http, replicas }: Declared): Router[] {
  const sticky = JSON.stringify(http.services ?? {})
    .toLowerCase()
    .includes('"sticky"');
  return Object.entries(object(http.routers)).flatMap(([name, held]) => {
    const { rule, middlewares } = object(held);
    if (typeof rule !== 'string') return [];
    const at = Math.max(file.text.indexOf(rule), 0);
    return [{ name, rule, middlewares: namesOf(middlewares), file, at, replicas, sticky }];
  });
}

function middlewareOf(held: Plain): Middleware {
  const named = (name: string) => Object.entries(held).find(([key]) => key.toLowerCase() === name)?.[1];
  return { forwardAuth: named('forwardauth') !== undefined, chain: namesOf(object(named('chain')).middlewares) };
}

/** Without the provider: `auth@file` is `auth`. */
function namesOf(value: unknown): string[] {
  const names = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(',') : [];
  return names.map((name) => name.trim().replace(/@.*$/, '')).filter((name) => name !== '');
}

function object(value: unknown): Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {};
}

/** Whether a request of a router is first shown to another service. */
export function forwardAuthOf({ middlewares }: Traefik, names: readonly string[], depth = 0): 'yes' | 'no' | 'unknown' {
  const each = names.map((name) => {
    const found = middlewares.get(name);
    if (found === undefined || depth > 8) return 'unknown';
    return found.forwardAuth ? 'yes' : forwardAuthOf({ routers: [], middlewares, unread: [] }, found.chain, depth + 1);
  });
  return each.includes('yes') ? 'yes' : each.includes('unknown') ? 'unknown' : 'no';
}
