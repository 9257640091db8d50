import type { CookieJar } from 'tough-cookie';
import type { Jar } from '../core/probe.js';

/** Nobody's session needs more; a server that sends more of them in one answer is not obeyed. */
const mostCookies = 50;

/** An empty cookie jar by the rules of RFC 6265; `learn` hears each value that comes in. */
export function newJar(learn: (secret: string) => void): Jar {
  let made: Promise<CookieJar> | undefined;
  const make = () => {
    made ??= import('./cookie-jar.js').then(({ CookieJar }) => new CookieJar());
    return made;
  };
  let filled = false;
  return {
    // the list of public suffixes takes a while to load, and so do the patterns that a first cookie needs; a server takes
    // longer to hash a password
    async prepare(url) {
      await make();
      const { CookieJar } = await import('./cookie-jar.js');
      const rehearsal = new CookieJar();
      await rehearsal.setCookie('rehearsed=1', url, { ignoreError: true });
      await rehearsal.getCookieString(url);
    },
    async cookieHeader(url) {
      return filled ? (await make()).getCookieString(url) : '';
    },
    async store(url, setCookies) {
      if (setCookies.length === 0) return;
      filled = true;
      const jar = await make();
      for (const line of setCookies.slice(0, mostCookies)) {
        const cookie = await jar.setCookie(line, url, { ignoreError: true });
        if (cookie === undefined || cookie.value.length < 12) continue;
        learn(cookie.value);
        // a signed cookie: what it signs is the token of the session, and stands in bodies by itself
        const [token = '', signature, more] = cookie.value.split('.');
        if (signature !== undefined && more === undefined && token.length >= 12) learn(token);
      }
    },
  };
}
