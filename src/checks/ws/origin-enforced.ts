import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import type { Probe, SocketOptions } from '../../core/probe.js';
import session from '../session/login.js';
import token from '../token/fetch.js';
import { trySocket } from '../try-socket.js';
import control from './connects-after-auth.js';

/** Milliseconds in which a socket that takes a credential has said so. */
const patience = 2_000;

export default defineCheck({
  id: 'ws/origin-enforced',
  title: 'a page of a foreign origin cannot open the socket of a user who is signed in',
  severity: 'high',
  impact: 'reads',
  core: true,
  source: ['RFC 6455 10.2', 'ASVS 4.4.2', 'WSTG-CLNT-10', 'CWE-1385'],
  needs: { session, token, control },
  problems: {
    'cross-site': {
      level: 'fail',
      text: '{url} takes the cookie of a user from a page of {origin} ({cause}): such a page can speak for whoever looks at it',
      hint: 'compare Origin with a list, whole and exactly, before the handshake is answered',
    },
    'foreign-accepted': {
      level: 'warn',
      text: '{url} takes a good token from a page of {origin}',
      hint: 'only a page that has the token can do so; compare Origin with a list all the same',
    },
  },
  async run(probe, { session, token }) {
    const open = (options: SocketOptions) => trySocket(probe, { patience, toTheEnd: true, ...options });
    const { jar } = session;
    const [cookieAlone, nothing] = await Promise.all([open({ token: null, jar }), open({ token: null })]);
    const byCookie = cookieAlone.acked && !nothing.acked;
    const origins = foreignOrigins(probe.target.origin);
    const tried = await Promise.all(
      origins.map(async (origin) => ({
        origin,
        cookie: byCookie ? await open({ token: null, jar, origin }) : null,
        explicit: await open({ token: token.jwt, origin }),
      })),
    );
    const after = await open({ token: token.jwt, toTheEnd: false });
    const crossed = tried.find(({ cookie }) => cookie?.acked === true);
    if (crossed !== undefined) {
      const { origin } = crossed;
      return problem('cross-site', { url: after.url, origin, cause: causeOf(origin) });
    }
    const limited = [...tried.map(({ explicit }) => explicit), after].find(({ status }) => status === 429);
    if (limited !== undefined) return inconclusive(`${limited.url} answered 429`);
    if (!after.acked) return inconclusive(`${after.url} did not take the good token afterwards`);
    const foreign = tried.find(({ explicit }) => explicit.acked);
    if (foreign === undefined) return pass();
    if (!canComeFromBrowser(probe)) return skip('no browser can open this socket: it wants the token in a header');
    return warn(undefined, {
      code: 'foreign-accepted' as const,
      data: { url: after.url, origin: foreign.origin },
    });
  },
});

/** The first foreign origin that was taken, in the order of `foreignOrigins`: all before it were refused. */
function causeOf(origin: string): string {
  if (origin === stranger) return 'Origin is not looked at';
  if (origin === 'null') return 'null is in the list of origins';
  const name = new URL(origin).hostname;
  return name.endsWith('.lockstep.invalid')
    ? 'any Origin that begins like the right one'
    : 'any Origin that ends like the right one';
}

const stranger = 'https://lockstep.invalid';

function canComeFromBrowser({ target }: Probe): boolean {
  return target.routes.socket.value.auth.mode !== 'header';
}

/**
 * Origins that only a sloppy comparison takes for the frontend's: another one, none of a page (`null`), one that begins
 * like it, one that ends like it. The last is no subdomain of its domain, which a list may hold on purpose.
 */
function foreignOrigins(own: string): string[] {
  const { protocol, hostname, port } = new URL(own);
  const at = port === '' ? '' : `:${port}`;
  const foreign = [stranger, 'null'];
  // an IPv6 address is no part of a name
  if (hostname.startsWith('[')) return foreign;
  const names = [`${hostname}.lockstep.invalid`, `lockstep-${domainOf(hostname)}`];
  return [...foreign, ...names.map((name) => `${protocol}//${name}${at}`)];
}

/** The part of a host name that somebody owns, as far as it can be told without a list: two labels, or three. */
function domainOf(hostname: string): string {
  if (/^[\d.]+$/.test(hostname)) return hostname;
  const labels = hostname.split('.');
  const short = labels.length > 2 && (labels.at(-2) ?? '').length <= 3;
  return labels.slice(short ? -3 : -2).join('.');
}
