import { defineCheck, ending } from '../../core/check.js';
import type { Data } from '../../core/finding.js';
import { isHere } from '../../core/host.js';
import type { Target } from '../../core/target.js';
import session from '../session/login.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/claims-sane',
  title: 'the token says who it is for, who gave it, and until when',
  severity: 'medium',
  impact: 'offline',
  source: ['RFC 7519 4.1', 'RFC 8725 3.8', 'RFC 8725 3.9', 'ASVS 9.2.1'],
  needs: { session, token },
  problems: {
    'no-exp': {
      level: 'fail',
      text: 'the token has no exp: whoever finds it can use it for ever',
      hint: 'set an expiration time where the token is signed, 15 minutes for example',
    },
    'not-a-number': {
      level: 'fail',
      text: 'the claim {claim} of the token is no number of seconds (RFC 7519 2)',
      hint: 'a verifier may refuse it, or take it for another time',
    },
    'for-others': {
      level: 'fail',
      text: 'the audience of the token names {audience} as well, which is no part of this deployment',
      hint: 'who serves that address can use the tokens of your users here',
    },
    'issuer-elsewhere': {
      level: 'fail',
      text: 'the token names {issuer} as its issuer, and the auth server is at {origin}',
      hint: 'set BETTER_AUTH_URL to the address by which browsers reach it',
    },
    'subject-is-address': {
      level: 'warn',
      text: 'the sub of the token is an e-mail address, which can change hands',
      hint: 'write the user id into sub',
    },
    'audience-is-issuer': {
      level: 'warn',
      text: 'the audience of the token is its issuer, {issuer}: every service that trusts that issuer accepts it',
      hint: 'name the API as the audience: jwt({ jwt: { audience } }) in Better Auth, and what the API expects',
    },
  },
  async run({ target }, { session, token: { claims, userId } }) {
    const { exp, iss, aud } = claims;
    const numbers = ['exp', 'iat', 'nbf'].filter((claim) => claims[claim] !== undefined);
    const failures = [
      ...(exp === undefined ? [of('no-exp', {})] : []),
      ...numbers.filter((claim) => typeof claims[claim] !== 'number').map((claim) => of('not-a-number', { claim })),
      ...strangers(aud, [iss, ...addresses(target)]).map((audience) => of('for-others', { audience })),
      ...(isElsewhere(iss, addresses(target))
        ? [of('issuer-elsewhere', { issuer: String(iss), origin: target.origin })]
        : []),
    ];
    const remarks = [
      ...(userId === session.userId ? [] : [of('subject-is-address', {})]),
      ...(iss !== undefined && aud === iss ? [of('audience-is-issuer', { issuer: String(iss) })] : []),
    ];
    return ending(failures, remarks);
  },
});

function of<const C extends string, const D extends Data>(code: C, data: D) {
  return { code, data };
}

function addresses({ origin, api, routes }: Target): readonly (string | null)[] {
  return [origin, api, routes.socket.value.url];
}

/** Of a list, the audiences that are addresses of other hosts; a name of any other form may be one of this deployment's own. */
function strangers(aud: unknown, own: readonly unknown[]): string[] {
  if (!Array.isArray(aud) || aud.length < 2) return [];
  const hosts = own.flatMap((url) => hostOf(url)?.name ?? []);
  return aud.map(String).filter((each) => {
    const host = hostOf(each);
    return host !== null && !hosts.includes(host.name);
  });
}

/** An issuer on this machine that is none of the deployment's addresses. Whether a public one is right is not asked here. */
function isElsewhere(iss: unknown, own: readonly unknown[]): boolean {
  const here = hostOf(iss);
  if (here?.name !== loopback) return false;
  return !own.some((url) => hostOf(url)?.name === loopback && hostOf(url)?.port === here.port);
}

const loopback = 'loopback';

/** By whatever name of this machine: 127.0.0.1 is localhost here. */
function hostOf(url: unknown): { readonly name: string; readonly port: string } | null {
  if (typeof url !== 'string' || !/^(https?|wss?):\/\//.test(url) || !URL.canParse(url)) return null;
  const { hostname, port } = new URL(url);
  return { name: isHere(url) ? loopback : hostname, port };
}
