import { CookieJar } from 'tough-cookie';
import type { Jar } from '../core/probe.js';

/** An empty cookie jar by the rules of RFC 6265. */
export function newJar(): Jar {
  const jar = new CookieJar();
  return {
    cookieHeader: (url) => jar.getCookieString(url),
    async store(url, setCookies) {
      for (const line of setCookies) await jar.setCookie(line, url, { ignoreError: true });
    },
  };
}
