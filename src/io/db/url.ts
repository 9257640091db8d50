import type { LockstepError } from '../../core/errors.js';
import { usage } from '../../core/errors.js';
import type { Secret } from '../../core/secret.js';

/** Where a PostgreSQL is and who comes, as its URL says it. What the URL leaves out is undefined. */
export interface Address {
  /** a host name, an address, or the folder of a unix socket */
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** settings of the session: `-c search_path=auth` */
  readonly options: string | undefined;
  readonly tls: Tls;
}

export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full' | 'no-verify';

export interface Tls {
  readonly mode: SslMode;
  /** paths of PEM files */
  readonly rootCert: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

const modes: readonly SslMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];
/** Characters. */
const longest = 8_192;
const form = 'it reads postgresql://USER:PASSWORD@HOST:PORT/DATABASE';
const encode = 'in a user name or password write # as %23, / as %2F, : as %3A, ? as %3F, @ as %40 and % as %25';

/** Reads a URL as libpq does. `name` says in words where it stands. What is wrong with it is told without quoting it. */
export function readUrl(url: Secret, name: string): Address {
  const text = url.reveal().trim();
  // its parts stand in messages
  if (text.length > longest) throw mistake(name, `has more than ${longest} characters`, form);
  const [, scheme = '', rest = ''] = /^([a-zA-Z0-9+.-]+):\/\/(.*)$/s.exec(text) ?? [];
  if (/^postgres(ql)?\+\w+$/.test(scheme)) {
    throw mistake(
      name,
      `is for SQLAlchemy (${scheme}://)`,
      'give the same URL with postgresql:// to lockstep, in another variable: --database-url-env NAME',
    );
  }
  if (!/^postgres(ql)?$/.test(scheme)) throw mistake(name, 'is not a postgresql:// URL', form);
  if (/[\s#]/.test(rest)) throw mistake(name, 'has a # or a space in it', encode);
  const [before = '', query = ''] = split(rest, '?');
  const [authority = '', database = ''] = split(before, '/');
  // what an unescaped / or ? in a password leaves behind; it must not come out as the name of a database
  if (/[@/]/.test(database) || query.split('&').some((pair) => pair !== '' && !pair.includes('=')) || /@/.test(query)) {
    throw mistake(name, 'is not a URL that can be read', encode);
  }
  const at = authority.lastIndexOf('@');
  const [user, password] = at === -1 ? [] : split(authority.slice(0, at), ':');
  const place = authority.slice(at + 1);
  const [, bare = '', port = ''] = /^(\[[^\]]*\]|[^:,]*)(?::(\d*))?$/.exec(place) ?? fail(place, name);
  const read = (part: string | undefined) => (part === undefined || part === '' ? undefined : decoded(part, name));
  const parameters = new Map(
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => split(pair, '=').map((part) => decoded(part ?? '', name)) as [string, string]),
  );
  const mode = (parameters.get('sslmode') ?? (parameters.get('ssl') === 'true' ? 'verify-full' : 'disable')) as SslMode;
  if (!modes.includes(mode))
    throw mistake(name, 'has an sslmode that does not exist', `sslmode is one of ${modes.join(', ')}`);
  const asked = parameters.get('port') ?? port;
  if (asked !== '' && !(Number(asked) > 0 && Number(asked) < 65_536))
    throw mistake(name, 'has a port that is none', form);
  return {
    host: parameters.get('host') ?? read(bare)?.replace(/^\[|\]$/g, '') ?? 'localhost',
    port: asked === '' ? 5432 : Number(asked),
    user: parameters.get('user') ?? read(user),
    password: parameters.get('password') ?? read(password),
    database: parameters.get('dbname') ?? read(database),
    options: parameters.get('options'),
    tls: {
      mode,
      rootCert: parameters.get('sslrootcert'),
      cert: parameters.get('sslcert'),
      key: parameters.get('sslkey'),
    },
  };
}

function mistake(name: string, what: string, hint: string): LockstepError {
  return usage(`${name} ${what}`, hint);
}

function fail(place: string, name: string): never {
  if (place.includes(',')) throw mistake(name, 'names several hosts', 'give the one that takes writes');
  throw mistake(name, 'is not a URL that can be read', encode);
}

function decoded(part: string, name: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw mistake(name, 'has a % that begins no %XX', encode);
  }
}

/** At the first separator; one part where there is none. */
function split(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
