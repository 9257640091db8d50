import { defineCheck, ending, skip } from '../../core/check.js';
import type { SetCookie } from '../set-cookie.js';
import { lifeOf, setCookiesIn } from '../set-cookie.js';
import { sharedSite } from '../site.js';
import session from './login.js';

/** What browsers keep of a cookie at most, name and value (RFC 6265 6.1). */
const mostBytes = 4_096;
const longestLife = 30 * 86_400;

export default defineCheck({
  id: 'session/cookie-attributes',
  title: 'the cookies of a session are kept from scripts, from other sites and from the clear',
  severity: 'high',
  impact: 'reads',
  core: true,
  source: ['ASVS 3.3.1', 'ASVS 3.3.2', 'ASVS 3.3.4', 'RFC 6265bis 4.1.2.5', 'RFC 6265bis 4.1.3', 'WSTG-SESS-02'],
  needs: { session },
  problems: {
    'readable-by-scripts': {
      level: 'fail',
      text: 'the cookie {name} is set without HttpOnly: any script of the page can read it',
      hint: 'take httpOnly: false out of the cookie attributes of Better Auth',
    },
    'sent-in-clear': {
      level: 'fail',
      text: 'the cookie {name} is set without Secure by {origin}: it goes over http, too',
      hint: 'Better Auth decides by the scheme of its baseURL: set BETTER_AUTH_URL to the https: address',
    },
    'sent-across-sites': {
      level: 'fail',
      text: 'the cookie {name} is set with SameSite=None and without Secure',
      hint: 'browsers refuse it; what stays on one site needs SameSite=Lax',
    },
    'for-other-sites': {
      level: 'fail',
      text: 'the cookie {name} is set with SameSite=None, and frontend and API are one site',
      hint: 'with that every other site can send it, too: SameSite=Lax is enough within a site',
    },
    'wide-domain': {
      level: 'fail',
      text: 'the cookie {name} is set for {domain}, which reaches further than {needed}',
      hint: 'every host under that name gets the session: narrow crossSubDomainCookies.domain, or leave it out',
    },
    'no-same-site': {
      level: 'warn',
      text: 'the cookie {name} is set without SameSite: what that means is left to the browser',
      hint: 'say SameSite=Lax',
    },
    'no-prefix': {
      level: 'warn',
      text: 'the cookie {name} has no __Secure- or __Host- before its name',
      hint: 'without it a page under http can set one of the same name',
    },
    'prefix-and-domain': {
      level: 'warn',
      text: 'the cookie {name} is set for {domain}: its other hosts can set it as well',
      hint: 'only a __Host- cookie, which has no Domain, is bound to one host',
    },
    'too-large': {
      level: 'warn',
      text: 'the cookie {name} has {size} bytes: browsers keep 4096',
      hint: 'keep less in it',
    },
    'long-life': {
      level: 'warn',
      text: 'the cookie {name} lives for {days} days',
      hint: 'a month is long for a session',
    },
  },
  async run({ target, now }, { session }) {
    const cookies = setCookiesIn(session.headers).filter(({ ofSession }) => ofSession);
    if (cookies.length === 0) return skip('the sign-in sets no cookie that Better Auth would');
    const https = target.origin.startsWith('https:');
    const own = new URL(target.origin).hostname;
    const site = target.api === null ? null : sharedSite(own, new URL(target.api).hostname);
    const needed = site ?? own;
    const failures = cookies.flatMap(({ name, attributes }) => {
      const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase();
      const crossSite = attributes.get('samesite')?.toLowerCase() === 'none';
      return [
        ...(attributes.has('httponly') ? [] : [{ code: 'readable-by-scripts', data: { name } } as const]),
        ...(https && !attributes.has('secure')
          ? [{ code: 'sent-in-clear', data: { name, origin: target.origin } } as const]
          : []),
        ...(crossSite && !attributes.has('secure') ? [{ code: 'sent-across-sites', data: { name } } as const] : []),
        ...(crossSite && attributes.has('secure') && site !== null
          ? [{ code: 'for-other-sites', data: { name } } as const]
          : []),
        ...(domain && domain !== needed && !domain.endsWith(`.${needed}`)
          ? [{ code: 'wide-domain', data: { name, domain, needed } } as const]
          : []),
      ];
    });
    return ending(
      failures,
      cookies.flatMap((cookie) => remarks(cookie, https, now())),
    );
  },
});

function remarks(cookie: SetCookie, https: boolean, now: number) {
  const { name, size, attributes } = cookie;
  const domain = attributes.get('domain');
  const life = lifeOf(cookie, now) ?? 0;
  return [
    ...(attributes.has('samesite') ? [] : [{ code: 'no-same-site', data: { name } } as const]),
    ...(https && !/^__(Secure|Host)-/.test(name) ? [{ code: 'no-prefix', data: { name } } as const] : []),
    ...(domain && name.startsWith('__Secure-') ? [{ code: 'prefix-and-domain', data: { name, domain } } as const] : []),
    ...(size > mostBytes ? [{ code: 'too-large', data: { name, size } } as const] : []),
    ...(life > longestLife ? [{ code: 'long-life', data: { name, days: Math.round(life / 86_400) } } as const] : []),
  ];
}
