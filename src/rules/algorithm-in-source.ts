import { defineRule } from '../core/rule.js';
import {
  at,
  pinnedByBackend,
  pluginThatSigns,
  seen,
  shown,
  signedByFrontend,
  verifiedByBackend,
  works,
} from './source/seen.js';

export default defineRule({
  id: 'algorithm-in-source',
  title: 'by their sources, the backend does not take the algorithm that the frontend signs with',
  causes: {
    pinned: {
      certainty: 'likely',
      text: 'the backend takes {pinned} only, and the jwt plugin of the frontend signs with {alg}',
      means: 'every token is refused with 401; no shared secret can mend it, for the plugin signs with a key pair',
      fix: ['at {place}: verify with {alg} by the JWKS of the frontend, {jwks}'],
      proof: 'lockstep token decode, given a token of the deployment: its `alg`',
      weight: 90,
    },
    'own-signer': {
      certainty: 'likely',
      text: 'the backend takes {pinned} only, and the token route of the frontend signs with {alg}',
      means: 'every token is refused with 401',
      fix: ['at {place}: take {alg}, or delete the route and let the jwt plugin answer'],
      proof: 'lockstep token decode, given a token of the deployment: its `alg`',
      weight: 90,
    },
    'library-cannot': {
      certainty: 'likely',
      text: 'the backend verifies with python-jose, which has no EdDSA, and the jwt plugin signs with EdDSA',
      means: "every token is refused, or the API answers 500: `Unable to find an algorithm for key … 'OKP'`",
      fix: [
        'at {place}: verify with PyJWT[crypto], or let the plugin sign with ES256: its option `jwks.keyPairConfig.alg`',
      ],
      proof: 'lockstep token verify --json: what python-jose would say',
      weight: 92,
    },
    unpinned: {
      certainty: 'likely',
      text: 'the backend calls PyJWT without `algorithms`',
      means: 'PyJWT refuses every token with a DecodeError',
      fix: ['at {place}: say `algorithms=["EdDSA"]`, or what the frontend signs with'],
      proof: 'the log of the backend',
      weight: 88,
    },
  },
  match(evidence) {
    if (works(evidence)) return [];
    const calls = verifiedByBackend(evidence);
    const unpinned = calls.filter(({ data }) => data.library === 'PyJWT' && data.algorithms === 'unpinned');
    const plugin = pluginThatSigns(evidence);
    const alg = String(plugin?.data.alg ?? '');
    const pinned = pinnedByBackend(evidence);
    const [first] = calls;
    const open = unpinned.map((one) => ({
      cause: 'unpinned' as const,
      guilty: 'backend' as const,
      data: { place: at(one) },
      because: [shown(one)],
    }));
    if (first === undefined) return open;
    const wanted = (one: string) => pinned?.some(({ algorithms }) => algorithms.includes(one)) === true;
    const all = pinned?.flatMap(({ algorithms }) => algorithms) ?? [];
    const names = [...new Set(all)].join(', ');
    if (plugin !== null && alg !== '') {
      const cannot =
        alg === 'EdDSA' &&
        calls.every(({ data }) => data.library === 'python-jose') &&
        (wanted('EdDSA') || calls.some(({ data }) => data.key === 'jwks'));
      if (cannot)
        return [
          ...open,
          {
            cause: 'library-cannot' as const,
            guilty: 'backend' as const,
            data: { place: at(first) },
            because: [plugin, ...calls].map(shown),
          },
        ];
      if (pinned === null || wanted(alg)) return open;
      const jwks = String(plugin.data.jwksPath ?? 'wherever its options put it');
      return [
        ...open,
        {
          cause: 'pinned' as const,
          guilty: 'backend' as const,
          data: { pinned: names, alg, place: at(first), jwks },
          because: [plugin, ...calls].map(shown),
        },
      ];
    }
    const route = seen(evidence, 'route.token').find(({ data }) => data.answers === 'a token that it signs');
    const signed = signedByFrontend(evidence);
    const own = [...new Set(signed.map(({ data }) => String(data.alg)))];
    const [one] = own;
    if (
      route === undefined ||
      own.length !== 1 ||
      one === undefined ||
      one === 'unknown' ||
      pinned === null ||
      wanted(one)
    )
      return open;
    return [
      ...open,
      {
        cause: 'own-signer' as const,
        guilty: 'both' as const,
        data: { pinned: names, alg: one, place: at(first) },
        because: [...signed, ...calls].map(shown),
      },
    ];
  },
  excludes(evidence) {
    const plugin = pluginThatSigns(evidence);
    const alg = String(plugin?.data.alg ?? '');
    const takes = pinnedByBackend(evidence)?.some(({ algorithms }) => algorithms.includes(alg)) === true;
    return plugin !== null && takes ? `the algorithm: the sources of both sides say ${alg}` : null;
  },
});
