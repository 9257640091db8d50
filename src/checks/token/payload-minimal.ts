import { defineCheck, ending } from '../../core/check.js';
import session from '../session/login.js';
import { sessionCookieIn } from '../session-cookie.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/payload-minimal',
  title: 'the token carries no secret: whoever holds it can read it',
  severity: 'low',
  impact: 'offline',
  source: ['ASVS 14.2.6', 'ASVS 15.3.1', 'WSTG-SESS-10', 'OWASP API3:2023'],
  needs: { session, token },
  problems: {
    secret: {
      level: 'fail',
      text: 'the claim {claim} of the token holds {what}',
      hint: 'name the claims that the API needs: jwt({ jwt: { definePayload: ({ user }) => ({ id: user.id }) } }). What was given away is to be replaced',
    },
  },
  async run({ auth, target }, { session, token: { claims } }) {
    const cookie = sessionCookieIn(await session.jar.cookieHeader(`${auth.base}${target.tokenRoute.value}`));
    const found = texts(claims).flatMap(({ claim, text }) => {
      const what = text === cookie?.token ? 'the session token' : secretIn(claim, text);
      return what === null ? [] : [{ code: 'secret' as const, data: { claim, what } }];
    });
    return ending(found);
  },
});

/** Texts that are secrets whatever they are called, by the marks that their makers gave them. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/^\$(2[abxy]|argon2(i|d|id)|scrypt|pbkdf2[\w-]*|[156y])\$/, 'the hash of a password'],
  [/^[0-9a-f]{32}:[0-9a-f]{128}$/, 'the hash of a password'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\b(sk|rk)_(live|test)_\w{8,}|\bsk-[\w-]{16,}|\bwhsec_\w{8,}/, 'an API key'],
  [/\b(gh[opsur]_|github_pat_|glpat-|xox[abprs]-|npm_|AIza)[\w-]{16,}|\b(AKIA|ASIA)[A-Z0-9]{16}\b/, 'an API key'],
  [/\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/, 'another token'],
  [/\b[a-z][a-z0-9+]*:\/\/[^\s/:@]+:[^\s/@]+@/i, 'an address with a password in it'],
];

/** Names that are given to nothing but secrets, without case and punctuation. */
const names =
  /^(user)?(password|passwd|pwd|passwordhash|hashedpassword|passphrase|secret|clientsecret|totpsecret|twofactorsecret|backupcodes?|apikey|apisecret|privatekey|secretkey|accesstoken|refreshtoken|sessiontoken|resettoken)$/;

function secretIn(claim: string, text: string): string | null {
  const shape = shapes.find(([pattern]) => pattern.test(text));
  if (shape !== undefined) return shape[1];
  const name = (claim.split('.').at(-1) ?? '').toLowerCase().replaceAll(/[^a-z]/g, '');
  // one word is a kind or a state: `password: "set"`
  return names.test(name) && text.length >= 8 ? 'what its name calls a secret' : null;
}

/** All texts of the claims at any depth, with the way there. */
function texts(value: unknown, path: readonly string[] = []): { readonly claim: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ claim: path.join('.'), text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => texts(each, [...path, name]));
}
