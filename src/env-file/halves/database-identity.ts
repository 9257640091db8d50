import type { Secret } from '../../core/secret.js';

/** What makes two URLs lead to one database. */
export interface Identity {
  readonly system: string;
  readonly host: string;
  readonly port: string;
  readonly database: string;
}

const systems: Readonly<Record<string, { readonly name: string; readonly port: string }>> = {
  postgres: { name: 'postgres', port: '5432' },
  postgresql: { name: 'postgres', port: '5432' },
  mysql: { name: 'mysql', port: '3306' },
  mariadb: { name: 'mysql', port: '3306' },
};

const loopback = new Set(['', 'localhost', '127.0.0.1', '[::1]']);

/**
 * The database that a URL leads to: drivers (`postgresql+asyncpg`), users, passwords and parameters aside. Several
 * hosts (libpq) stay in their order; a pooler counts as the host behind it (Neon: `-pooler`). Null where it is no
 * database URL.
 */
export function identity(url: Secret): Identity | null {
  const text = url.reveal();
  const local = /^(?:sqlite(?:\+\w+)?:(?:\/\/\/?)?|file:(?:\/\/)?)([^?]*)/i.exec(text);
  if (local !== null) return { system: 'sqlite', host: '', port: '', database: (local[1] ?? '').replace(/^\.\//, '') };
  const match = /^(\w+)(?:\+\w+)?:\/\/(?:[^/?]*@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text);
  const system = systems[match?.[1]?.toLowerCase() ?? ''];
  if (match === null || system === undefined) return null;
  const parameters = new URLSearchParams(match[4] ?? '');
  const hosts = (match[2] || (parameters.get('host') ?? '')).split(',').map((each) => hostAndPort(each, system.port));
  return {
    system: system.name,
    host: hosts.map(({ host }) => host).join(),
    port: parameters.get('port') ?? hosts.map(({ port }) => port).join(),
    database: decoded(match[3] || (parameters.get('dbname') ?? '')),
  };
}

function hostAndPort(text: string, usual: string): { host: string; port: string } {
  const [, host = '', port = usual] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? [text, text];
  const plain = host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^([^.]+)-pooler\./, '$1.');
  return { host: loopback.has(plain) ? 'localhost' : plain, port };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
