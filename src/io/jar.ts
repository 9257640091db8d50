import { CookieJar } from 'tough-cookie';
import type { Jar } from '../core/probe.js';

/** Nobody's session needs more; a server that sends more of them in one answer is not obeyed. */
const mostCookies = 50;

/** An empty cookie jar by the rules of RFC 6265; `learn` hears each value that comes in. */
export function newJar(learn: (secret: string) => void): Jar {
  const jar = new CookieJar();
  return {
    cookieHeader: (url) => jar.getCookieString(url),
    async store(url, setCookies) {
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
