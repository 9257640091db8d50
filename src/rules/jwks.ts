import type { Evidence } from '../core/evidence/evidence.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';
import { refuses, takes } from './facts/fits.js';

const causes = {
  'not-served': {
    certainty: 'proven',
    text: '{url} answers {status}: there are no public keys to verify the tokens with',
    means: 'a backend that verifies by the JWKS refuses or breaks at every token',
    fix: [
      'see that the jwt plugin is on the server and that nothing in front of it swallows the path',
      'or name the place where the keys are served, in the backend',
    ],
    weight: 78,
  },
  unpublished: {
    certainty: 'proven',
    text: 'the frontend signs with a key (kid {kid}) that its JWKS does not publish',
    means:
      'several processes with different databases answer, or the row was deleted while a process still signs with it',
    fix: ['see that every process of the frontend uses the same database', 'restart the frontend'],
    weight: 79,
  },
  'not-verifying': {
    certainty: 'proven',
    text: 'the key that the JWKS publishes as {kid} does not verify the token that names it',
    means:
      'the public and the private half of the row do not belong together, or something in front changes the answer',
    fix: ['let it make a new key: update jwks set "expiresAt" = now() where id = \'{kid}\''],
    weight: 79,
  },
  unreachable: {
    certainty: 'likely',
    text: 'the backend breaks at a token that it would have to fetch the keys for: it cannot reach the JWKS',
    means: 'a name that only your machine knows, TLS that it does not trust, or a redirect, which jose does not follow',
    fix: [
      'fetch {url} from the host or container of the backend',
      'name the address there by which the backend reaches the frontend',
    ],
    proof: 'the log of the backend at the time of such a token',
    weight: 64,
  },
  'stale-cache': {
    certainty: 'likely',
    text: 'the backend does not know the key of the token, which is published now',
    means:
      'its copy of the JWKS is old (jose keeps it 10 min and asks again after 30 s, PyJWKClient 300 s), or it asks another frontend',
    fix: ['wait five minutes and ask again, or restart the backend', 'see that its JWKS address is {url}'],
    proof: 'it takes the same token some minutes later',
    weight: 63,
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'jwks',
  title: 'the backend has not the keys of the frontend',
  causes,
  match(evidence) {
    const { session, backend, frontend } = evidence;
    const token = session?.token;
    if (token == null || token.alg?.startsWith('HS') === true) return [];
    const kid = token.kid ?? 'none';
    const url = `${frontend?.url ?? ''}/jwks`;
    const guilty = 'frontend' as const;
    if (frontend !== undefined && frontend.jwks.status !== 200 && frontend.jwks.status !== 0) {
      const data = { url, status: frontend.jwks.status };
      return [{ cause: 'not-served', guilty, data, because: [`the token says ${token.alg}, kid ${kid}`] }];
    }
    if (token.published === false)
      return [
        {
          cause: 'unpublished',
          guilty,
          data: { kid },
          because: [`${url} has ${frontend?.keys.length ?? 0} other keys`],
        },
      ];
    if (token.verified === false)
      return [{ cause: 'not-verifying', guilty, data: { kid }, because: [`${url} was read and tried`] }];
    return backend !== undefined && refuses(evidence) ? refused(evidence, url) : [];
  },
  excludes: ({ session }) =>
    session?.token?.verified === true
      ? `the signature: the JWKS publishes the key of the token, and it verifies`
      : null,
});

function refused(evidence: Evidence, url: string): Found<typeof causes>[] {
  const { backend } = evidence;
  const { status, says } = backend?.token ?? { status: 0, says: null };
  if (takes(evidence)) return [];
  const because = [`it answered ${status}${says === null ? '' : ` (${says})`} to a token whose signature is right`];
  if (status >= 500 && (backend?.stranger.status ?? 500) < 500) {
    const more = [
      ...because,
      `and ${backend?.stranger.status} to one of a stranger, which needs no keys to be refused`,
    ];
    return [{ cause: 'unreachable', guilty: 'backend', data: { url }, because: more }];
  }
  if (/no (matching|applicable) key|signing key|\bkid\b/i.test(says ?? ''))
    return [{ cause: 'stale-cache', guilty: 'backend', data: { url }, because }];
  return [];
}
