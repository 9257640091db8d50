import { defineCheck, skip } from '../../core/check.js';
import { allRefused, bearing, refusalProblems, withCauses } from '../refusals.js';
import session from '../session/login.js';
import { decoded, isSessionPart, pairs, sessionCookieIn } from '../session-cookie.js';
import route from './accepted-by-api.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/kind-confusion-refused',
  title: 'the API takes tokens, and nothing else that the auth server gives',
  severity: 'high',
  impact: 'reads',
  source: ['RFC 8725 2.8', 'RFC 8725 3.11', 'RFC 8725 3.12', 'ASVS 9.2.2'],
  needs: { session, token, route },
  problems: {
    ...refusalProblems,
    accepted: {
      level: 'fail',
      text: '{url} answered {status} to {what} as a bearer token: {cause}',
      hint: 'take tokens alone, and verify what each is for (aud, typ) as well as who signed it',
    },
  },
  async run(probe, given) {
    const header = await given.session.jar.cookieHeader(`${probe.auth.base}/get-session`);
    const cookie = sessionCookieIn(header);
    const wire = pairs(header);
    const kinds: (readonly [what: string, text: string])[] = [
      ...(cookie === null
        ? []
        : [
            [bare, cookie.token] as const,
            ['the session cookie', `${cookie.token}.${cookie.mac.toString('base64')}`] as const,
            ['the session cookie as it travels', wire.find(({ name }) => name === cookie.name)?.value ?? ''] as const,
          ]),
      ...wire
        .filter(({ name }) => isSessionPart(name) && name.includes('session_data'))
        .map(({ name, value }) => [`the cookie ${name}`, decoded(value)] as const),
    ];
    const bearable = kinds.filter(([, text]) => /^[\x21-\x7e]+$/.test(text));
    if (bearable.length === 0) return skip('the auth server gives nothing but tokens: no cookie of a session');
    const attempts = bearable.map(([what, text]) => bearing(probe, given, what, text));
    return withCauses(await allRefused(probe, given, attempts), (what) => {
      if (what === bare) return 'it looks up in the table of sessions what is no token';
      return what.includes('session_data')
        ? 'that cookie is signed with the very secret of the tokens'
        : 'it reads the cookie as the auth server does';
    });
  },
});

const bare = 'the bare session token';
