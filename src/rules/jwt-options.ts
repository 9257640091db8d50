import { defineRule } from '../core/rule.js';
import { at, seen, shown } from './source/seen.js';

export default defineRule({
  id: 'jwt-options',
  title: 'options of the jwt plugin do not do what they are written for',
  causes: {
    ignored: {
      certainty: 'likely',
      text: 'the jwt plugin ignores {options}: Better Auth has no such options there',
      means:
        'tokens are as if nothing were written: by default EdDSA, 15 minutes, issuer and audience the origin of baseURL',
      fix: ['at {place}: write them where they are read'],
      proof: 'lockstep token decode, given a token of the deployment',
      weight: 40,
    },
    expired: {
      certainty: 'likely',
      text: '`expirationTime: {seconds}` is a point in time, in {year}: every token is born expired',
      means: '/token answers 200, and no backend takes what it gives',
      fix: ['at {place}: write a span of time, such as `expirationTime: "15m"`'],
      proof: 'lockstep token decode, given a token of the deployment',
      weight: 85,
    },
    'unreadable-span': {
      certainty: 'likely',
      text: '`expirationTime` is no span of time that Better Auth can read',
      means: '/token and /get-session answer 500',
      fix: ['at {place}: write one number and one unit, such as `expirationTime: "15m"`'],
      proof: 'lockstep check token',
      weight: 85,
    },
    'unsupported-algorithm': {
      certainty: 'likely',
      text: 'the jwt plugin cannot sign with {alg}',
      means:
        '/token and /jwks answer 500; it signs with EdDSA, ES256, ES512, PS256 or RS256, never with a shared secret',
      fix: ['at {place}: delete `alg`, and let the backend verify by the JWKS'],
      proof: 'lockstep check token',
      weight: 85,
    },
  },
  match(evidence) {
    const place = (found: ReturnType<typeof seen>) => found.map(at).join(', ');
    const ignored = seen(evidence, 'jwt.option-ignored');
    const each = <K extends 'jwt.expiration-number' | 'jwt.expiration-unreadable' | 'jwt.algorithm-unsupported'>(
      kind: K,
    ) => seen(evidence, kind);
    return [
      ...(ignored.length === 0
        ? []
        : [
            {
              cause: 'ignored' as const,
              guilty: 'frontend' as const,
              data: {
                options: ignored.map(({ data }) => `\`${data.option}\``).join(', '),
                place: place(ignored),
              },
              because: ignored.map(shown),
              fix: ignored.map((one) => `at ${at(one)}: ${one.data.right} instead of \`${one.data.option}\``),
            },
          ]),
      ...each('jwt.expiration-number').map((one) => ({
        cause: 'expired' as const,
        guilty: 'frontend' as const,
        data: { seconds: one.data.seconds ?? null, year: one.data.year ?? null, place: at(one) },
        because: [shown(one)],
      })),
      ...each('jwt.expiration-unreadable').map((one) => ({
        cause: 'unreadable-span' as const,
        guilty: 'frontend' as const,
        data: { place: at(one) },
        because: [shown(one)],
      })),
      ...each('jwt.algorithm-unsupported').map((one) => ({
        cause: 'unsupported-algorithm' as const,
        guilty: 'frontend' as const,
        data: { alg: one.data.alg ?? null, place: at(one) },
        because: [shown(one)],
      })),
    ];
  },
  excludes(evidence) {
    const instances = seen(evidence, 'auth.instance');
    const known = instances.length > 0 && instances.every(({ data }) => data.jwt === 'yes');
    const wrong = (evidence.observations ?? []).some(({ kind }) => kind.startsWith('jwt.'));
    return known && !wrong ? 'the options of the jwt plugin: none is ignored' : null;
  },
});
