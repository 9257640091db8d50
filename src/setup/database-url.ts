import { Secret } from '../core/secret.js';

/** Who opens the connection. SQLAlchemy names asyncpg in the scheme; the others take what libpq takes. */
export type Driver = 'pg' | 'asyncpg' | 'psycopg';

const url = /^(postgres(?:ql)?)(?:\+(\w+))?(:\/\/[^?]*)(?:\?(.*))?$/s;

/** Null, or what is wrong with the text, without quoting it. */
export function databaseFault(text: string): string | null {
  if (/\s/.test(text)) return 'must have no spaces or line ends in it';
  if (!url.test(text)) return 'must be a postgresql:// URL';
  const [, , , authority = ''] = url.exec(text) ?? [];
  if (authority === '://' || authority.includes('#') || !URL.canParse(text.replace(/^[^:]*/, 'http'))) {
    return 'is not a URL that can be read: characters such as / ? # @ in a password are written %2F %3F %23 %40';
  }
  return null;
}

/**
 * The same database in the dialect of a driver. asyncpg: `postgresql+asyncpg://`, `ssl=` for `sslmode=`, no
 * `channel_binding`, which it refuses. The others: `postgresql://`, `sslmode=`. All else stays as it is written.
 */
export function forDriver(database: Secret, driver: Driver): Secret {
  const [whole, scheme, , rest, query] = url.exec(database.reveal()) ?? [];
  if (whole === undefined || scheme === undefined) return database;
  const asyncpg = driver === 'asyncpg';
  const pairs = (query ?? '').split('&').filter((pair) => pair !== '' && !(asyncpg && /^channel_binding=/.test(pair)));
  const spoken = pairs.map((pair) => (asyncpg ? pair.replace(/^sslmode=/, 'ssl=') : pair.replace(/^ssl=/, 'sslmode=')));
  const parameters = spoken.length === 0 ? '' : `?${spoken.join('&')}`;
  return new Secret(`${asyncpg ? 'postgresql+asyncpg' : scheme}${rest}${parameters}`);
}

/** Whether two URLs lead to the same database in the same way, whatever dialect each is in. */
export function sameDatabase(one: Secret, other: Secret): boolean {
  const plain = (database: Secret) =>
    forDriver(forDriver(database, 'asyncpg'), 'pg')
      .reveal()
      .replace(/^postgres(ql)?\+?\w*:/, 'postgresql:');
  return plain(one) === plain(other);
}
