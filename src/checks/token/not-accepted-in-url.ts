import { defineCheck } from '../../core/check.js';
import { plain } from '../../core/secret.js';
import { minterFor } from '../minter.js';
import { allRefused, refusalProblems } from '../refusals.js';
import route from './accepted-by-api.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/not-accepted-in-url',
  title: 'the API takes no token out of an address or a form',
  severity: 'medium',
  // it writes a token into the access logs: on production that wants consent
  impact: 'writes',
  source: ['RFC 6750 2.3', 'RFC 6750 5.3', 'RFC 9700 4.3.2', 'ASVS 14.2.1', 'WSTG-SESS-04'],
  needs: { token, route },
  problems: {
    ...refusalProblems,
    accepted: {
      level: 'fail',
      text: '{url} answered {status} to {what}',
      hint: 'addresses are logged, kept and sent on as Referer: take tokens from the Authorization header alone. What cannot send one, a stream or a socket, may have a way of its own',
    },
  },
  async run(probe, given) {
    const { api } = probe;
    const minter = await minterFor(probe, given.token);
    // what is logged is dead within a minute, where that can be had
    const text = plain(typeof minter === 'string' ? given.token.jwt : minter.mint({}));
    const path = given.route.path;
    const joined = `${path}${path.includes('?') ? '&' : '?'}`;
    const form = { type: 'application/x-www-form-urlencoded', text: `access_token=${text}` };
    const ruled = await allRefused(probe, given, [
      ...['access_token', 'token'].map((name) => ({
        what: `a token as ?${name}=`,
        send: async () => shortened(await api.get(`${joined}${name}=${text}`), path),
      })),
      { what: 'a token as a form field', send: () => api.send('POST', path, undefined, { content: form }) },
    ]);
    return ruled;
  },
});

/** Without the query: the token stands in it. */
function shortened<T extends { readonly url: string }>(reply: T, path: string): T {
  return { ...reply, url: reply.url.split('?')[0] ?? path };
}
