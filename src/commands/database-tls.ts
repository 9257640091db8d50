import { isPrivateHost } from '../config/host.js';
import { LockstepError } from '../core/errors.js';
import { printable } from '../core/finding.js';
import type { Secret } from '../core/secret.js';
import type { Address, SslMode } from '../io/db/url.js';
import { readUrl } from '../io/db/url.js';
import type { World } from '../world.js';

/** What becomes of a connection to a host by these modes; those that are left out prove the server. */
const consequences: Readonly<Partial<Record<SslMode, (host: string) => string>>> = {
  disable: (host) => `password and rows go to ${host} in clear`,
  allow: (host) => `whoever stands on the way to ${host} can have TLS left out`,
  prefer: (host) => `whoever stands on the way to ${host} can have TLS left out`,
  'no-verify': (host) => `whoever stands on the way can be ${host}: its certificate is not looked at`,
  'verify-ca': (host) => `whoever has any certificate of that authority can be ${host}`,
};

/** Says on stderr what the sslmode of a database URL leaves open. On this machine and a private network, clear is usual. */
export function tellWeakTls(url: Secret, source: string, { stderr, pins }: Pick<World, 'stderr' | 'pins'>): void {
  // a pin proves the server whatever the mode, where there is TLS at all
  const weak = pins.length > 0 && isOverTls(url) ? null : weakness(url, source);
  if (weak !== null)
    stderr.write(`${source} ${weak}\n→ sslmode=verify-full, and sslrootcert=FILE where the authority is your own\n`);
}

/** Whether a connection by this URL is one over TLS, or none; so is one that cannot be read: whoever opens it tells. */
export function isOverTls(url: Secret): boolean {
  const read = addressOf(url, '');
  return read === null || (read.tls.mode !== 'disable' && !read.host.startsWith('/'));
}

function addressOf(url: Secret, source: string): Address | null {
  try {
    return readUrl(url, source);
  } catch (error) {
    // whoever opens it tells what is wrong with it
    if (error instanceof LockstepError) return null;
    throw error;
  }
}

function weakness(url: Secret, source: string): string | null {
  const read = addressOf(url, source);
  if (read === null) return null;
  const { host, tls } = read;
  if (host.startsWith('/') || isPrivateHost(host.includes(':') ? `[${host}]` : host)) return null;
  // a bare name is one of a private network
  if (tls.mode === 'disable' && !/[.:]/.test(host)) return null;
  const said = /[?&]ssl(mode)?=/.test(url.reveal()) ? `says sslmode=${tls.mode}` : 'says no sslmode';
  const follows = consequences[tls.mode]?.(printable(host));
  return follows === undefined ? null : `${said}: ${follows}`;
}
