import { CookieJar } from 'tough-cookie';
import type { Jar } from '../core/probe.js';

/** An empty cookie jar by the rules of RFC 6265; `learn` hears each value that comes in. */
export function newJar(learn: (secret: string) => void): Jar {
  const jar = new CookieJar();
  return {
    cookieHeader: (url) => jar.getCookieString(url),
    async store(url, setCookies) {
      for (const line of setCookies) {
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
