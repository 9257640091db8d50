import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import { Unreachable } from '../../core/errors.js';
import type { Probe } from '../../core/probe.js';
import { sameAnswer } from '../../core/refused.js';
import type { Reply } from '../../core/reply.js';
import { header } from '../../core/reply.js';
import { isSecure, originOf, placesOf } from '../origins.js';

export default defineCheck({
  id: 'transport/no-cleartext-credentials',
  title: 'nothing that takes credentials answers over http: or ws:',
  severity: 'high',
  impact: 'reads',
  source: ['ASVS 4.1.2', 'ASVS 4.4.1', 'ASVS 12.2.1', 'RFC 6797', 'WSTG-ATHN-01'],
  problems: {
    'answers-in-clear': {
      level: 'fail',
      text: '{url} ({part}) answered {status} without encryption, as it does with it',
      hint: 'a client with the wrong scheme sends its token in clear: refuse, do not serve',
    },
    unencrypted: {
      level: 'fail',
      text: '{url} ({part}) is not encrypted, and it is not on this machine',
      hint: 'use https: and wss:',
    },
    'api-redirects': {
      level: 'warn',
      text: '{url} ({part}) answered {status} to {location}',
      hint: 'a redirect hides the mistake, and the token has been sent already: refuse http: on an API',
    },
  },
  async run(probe) {
    const { target } = probe;
    const places = placesOf(target);
    const clear = places.filter(({ url }) => !isSecure(url) && !isHere(url));
    const [first] = clear;
    // one's own network is not the open one: production is, and what its addresses say is not private
    if (first !== undefined && target.production) {
      const answers = await ask(probe, originOf(first.url), '/');
      return answers === null
        ? inconclusive(`${first.url} does not answer`)
        : problem('unencrypted', { url: first.url, part: first.part });
    }
    const secure = places.filter(({ url }) => isSecure(url));
    if (secure.length === 0) return skip('all of it is on this machine or a private network, without encryption');
    const remarks = [];
    for (const { part, url } of secure) {
      const twin = twinOf(url);
      if (part === 'socket') {
        const opened = await probe.socket({ token: null, url: twin, patience: 1_000 }).catch(nobody);
        const encrypted = await probe.socket({ token: null, url, patience: 1_000 }).catch(nobody);
        // a handshake that is refused for want of a token would have been given one
        const serves =
          opened !== null && opened.status === encrypted?.status && [101, 401, 403].includes(opened.status);
        if (serves) return problem('answers-in-clear', { url: twin, part, status: opened.status });
        continue;
      }
      const path = part === 'API' ? target.routes.me.value.get : '/get-session';
      const [plain, encrypted] = await Promise.all([ask(probe, twin, path), ask(probe, url, path)]);
      if (plain === null || encrypted === null) continue;
      if (sameAnswer(plain, encrypted))
        return problem('answers-in-clear', { url: plain.url, part, status: plain.status });
      const location = header(plain, 'location');
      if (part === 'API' && plain.status >= 300 && plain.status < 400 && location !== null)
        remarks.push({
          code: 'api-redirects' as const,
          data: { url: plain.url, part, status: plain.status, location },
        });
    }
    return remarks.length > 0 ? warn(undefined, ...remarks) : pass();
  },
});

/** The same address without encryption, on the port that such a client would use. */
function twinOf(url: string): string {
  return url.replace(/^(http|ws)s:/i, '$1:');
}

/** Without any credential; null where nobody answers in HTTP, which is a refusal. */
function ask({ at }: Probe, base: string, path: string): Promise<Reply | null> {
  return at(base).get(path).catch(nobody);
}

function nobody(error: unknown): null {
  if (error instanceof Unreachable) return null;
  throw error;
}

function isHere(url: string): boolean {
  return /^https?:\/\/(localhost|127\.|\[::1\])/.test(originOf(url));
}
