import type { KeyObject } from 'node:crypto';
import { createHash, createPublicKey } from 'node:crypto';
import { defineCheck, ending } from '../../core/check.js';
import { isHere } from '../../core/host.js';
import type { Listener, Probe } from '../../core/probe.js';
import type { Algorithm } from '../../token/algorithms.js';
import { isAlgorithm, isSymmetric } from '../../token/algorithms.js';
import { headerOf, marked, sealedWith, signedWith } from '../../token/forge.js';
import { selfSigned } from '../../token/self-signed.js';
import { allRefused, bearing, refusalProblems } from '../refusals.js';
import route from './accepted-by-api.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/embedded-key-refused',
  title: 'the API takes no key out of the token itself, and fetches none for it',
  severity: 'critical',
  impact: 'reads',
  source: ['RFC 8725 3.10', 'ASVS 9.1.3', 'OWASP API7:2023'],
  needs: { token, route },
  problems: {
    ...refusalProblems,
    accepted: {
      level: 'fail',
      text: '{url} answered {status} to {what}',
      hint: 'verify with the keys of the auth server alone: jwk, jku, x5u and x5c in a header are what a forger writes',
    },
    fetched: {
      level: 'fail',
      text: 'the API fetched {header} out of a forged token: {count} requests came to {url}',
      hint: 'whoever sends a token makes the API ask any address inside of your network: do not follow it',
    },
  },
  async run(probe, given) {
    const alg = kindFor(given.token.alg);
    const key = probe.freshKey(alg) as KeyObject;
    const jwk = createPublicKey(key).export({ format: 'jwk' });
    const { kid = 'lockstep' } = headerOf(given.token.jwt.reveal());
    const names = [kid, probe.canary()];
    const published = { keys: names.map((name) => ({ ...jwk, alg, kid: name })) };
    const [jku, x5u] = await Promise.all([address(probe, published), address(probe, published)]);
    const certificate = selfSigned(key, 'lockstep', probe.now());
    const chain = certificate === null ? null : certificate.toString('base64');
    const brought: (readonly [string, Readonly<Record<string, unknown>>])[] = [
      ['its own key in the header (jwk)', { jwk: { ...jwk, alg } }],
      ['the address of its own key (jku)', { jku: jku.url }],
      ['the address of its own certificate (x5u)', { x5u: x5u.url }],
      ...(certificate === null
        ? []
        : [['its own certificate in the header (x5c)', { x5c: [chain], x5t: thumbprint(certificate) }] as const]),
    ];
    const claims = { ...given.token.claims, ...marked(probe.now()) };
    const forged = brought.flatMap(([what, header]) =>
      names.map((name, n) => {
        const whose = n === 0 ? 'under the name of the genuine one' : 'under a name of its own';
        return [`a token with ${what}, ${whose}`, signedWith(key, { alg, kid: name, ...header }, claims)] as const;
      }),
    );
    const secret = Buffer.from(probe.canary());
    const oct = { kty: 'oct', k: secret.toString('base64url'), alg: 'HS256' };
    const sealed = [
      'a token with its own secret in the header (jwk)',
      sealedWith(secret, { alg: 'HS256', jwk: oct }, claims),
    ] as const;

    const ruled = await allRefused(
      probe,
      given,
      [...forged, sealed].map(([what, bearer]) => bearing(probe, given, what, bearer)),
    );
    const fetched = [
      { header: 'jku', listener: jku },
      { header: 'x5u', listener: x5u },
    ].flatMap(({ header, listener: { url, hits } }) =>
      hits === 0 ? [] : [{ code: 'fetched' as const, data: { header, url, count: hits } }],
    );
    if (fetched.length === 0) return ruled;
    const others = ruled.kind === 'passed' || ruled.kind === 'failed' ? ruled.problems : [];
    return ending(
      [...fetched, ...others.flatMap((each) => (each.code === 'accepted' ? [each] : []))],
      others.flatMap((each) => (each.code === 'crashed' ? [each] : [])),
    );
  },
});

/** Public keys can be brought along by whoever forges; for a shared secret one of a usual kind is tried. */
function kindFor(alg: string): Algorithm {
  return isAlgorithm(alg) && !isSymmetric(alg) ? alg : 'EdDSA';
}

/** A listener where the API can reach this machine; elsewhere an address that nobody has, and then only the refusal is judged. */
async function address({ target, listen }: Probe, document: unknown): Promise<Listener> {
  return isHere(target.api ?? '') ? listen(document) : { url: 'https://lockstep.invalid/keys', hits: 0 };
}

function thumbprint(certificate: Buffer): string {
  return createHash('sha1').update(certificate).digest('base64url');
}
