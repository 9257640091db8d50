import { defineCheck, ending, inconclusive } from '../../core/check.js';
import type { Head } from '../../core/reply.js';
import { header, headOf, reveals } from '../../core/reply.js';
import { outOfCache } from '../out-of-cache.js';
import { personIn } from '../sign-in.js';
import token from '../token/fetch.js';
import session from './login.js';

export default defineCheck({
  id: 'session/session-responses-not-cacheable',
  title: 'no cache keeps who somebody is, or their token',
  severity: 'medium',
  impact: 'reads',
  source: ['RFC 6749 5.1', 'RFC 9111 3.5', 'ASVS 14.2.2', 'ASVS 14.3.2', 'WSTG-ATHN-06'],
  needs: { session, token },
  problems: {
    crossed: {
      level: 'fail',
      text: '{url} answered one caller with what belongs to another',
      hint: 'a cache between here and there does not look at Cookie: have it leave that path alone',
    },
    'from-a-cache': {
      level: 'fail',
      text: '{url} answered out of a cache ({header}: {value})',
      hint: 'have the cache leave that path alone, and say Cache-Control: no-store',
    },
    public: {
      level: 'fail',
      text: '{url} lets every cache keep what belongs to one person (Cache-Control: {value})',
      hint: 'say Cache-Control: no-store, or private',
    },
    unsaid: {
      level: 'warn',
      text: '{url} answers a token without Cache-Control',
      hint: 'stock Better Auth says nothing there: have the edge, or a wrapper, add Cache-Control: no-store',
    },
  },
  async run({ auth, api, target }, { session, token }) {
    const path = '/get-session';
    const mine = await auth.get(path, { jar: session.jar });
    const theirs = await auth.get(path);
    const again = await auth.get(path, { jar: session.jar });
    const tokens = await auth.get(target.tokenRoute.value, { jar: session.jar });
    const me = target.api === null ? [] : [await api.get(target.routes.me.value.get, { bearer: token.jwt })];
    const signIn = { ...headOf(mine), url: `${auth.base}/sign-in/email`, headers: session.headers };
    const personal = [mine, again, tokens, ...me, signIn];

    const crossed = reveals(theirs, session.email) || (personIn(mine) === null) !== (personIn(again) === null);
    const failures = [
      ...(crossed ? [{ code: 'crossed' as const, data: { url: mine.url } }] : []),
      ...once(personal.flatMap(kept)),
      ...once(personal.flatMap(shared)),
    ];
    if (failures.length === 0 && personIn(mine) === null) return inconclusive(`${mine.url} does not know the session`);
    const says = header(tokens, 'cache-control');
    return ending(
      failures,
      tokens.status === 200 && says === null ? [{ code: 'unsaid', data: { url: tokens.url } }] : [],
    );
  },
});

function kept(reply: Head) {
  const hit = outOfCache(reply);
  return hit === null ? [] : [{ code: 'from-a-cache' as const, data: { url: reply.url, ...hit } }];
}

function shared(reply: Head) {
  const value = header(reply, 'cache-control') ?? '';
  const open = /\bpublic\b|\bs-maxage\s*=\s*"?[1-9]/i.test(value) && !/\b(no-store|private)\b/i.test(value);
  return open && reply.status === 200 ? [{ code: 'public' as const, data: { url: reply.url, value } }] : [];
}

function once<T extends { readonly data: { readonly url: string } }>(found: readonly T[]): T[] {
  return found.filter(({ data }, n) => found.findIndex((other) => other.data.url === data.url) === n);
}
