import { took } from '../core/evidence/backend.js';
import type { Evidence } from '../core/evidence/evidence.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';
import { inWords, refuses, takes } from './facts/fits.js';

const either = [
  'either let the backend verify by the JWKS of the frontend ({jwks}), with {alg}',
  'or give the frontend a /token route of its own that signs HS256: the jwt plugin cannot, and ignores algorithm: "HS256"',
] as const;

const causes = {
  'backend-wants-hs256': {
    certainty: 'proven',
    text: 'the frontend signs {alg} tokens by a key pair, and the backend verifies HS256 by the shared secret',
    means:
      'the jwt plugin of Better Auth never uses BETTER_AUTH_SECRET for tokens: that both sides share it verifies nothing',
    fix: either,
    weight: 85,
  },
  'said-algorithm': {
    certainty: 'likely',
    text: 'the backend does not allow the algorithm of the tokens, {alg}',
    means: 'a backend that pins HS256 refuses what the jwt plugin signs; python-jose cannot verify EdDSA at all',
    fix: either,
    proof: 'a token of another algorithm that the backend takes',
    weight: 66,
  },
  'files-algorithm': {
    certainty: 'likely',
    text: 'the backend is told to verify {wanted} ({name} in {file}), and the tokens are {alg}',
    means: 'it refuses every token of the frontend',
    fix: either,
    proof: 'the answer of the running backend to a token of {wanted}',
    weight: 65,
  },
  'backend-wants-jwks': {
    certainty: 'likely',
    text: 'the frontend signs HS256 tokens by the shared secret, and the backend verifies by the JWKS',
    means: 'no key of the JWKS can verify them',
    fix: [
      'let the backend verify HS256 by the shared secret',
      'or take the own /token route of the frontend away, so that the jwt plugin answers',
    ],
    proof: 'a token of the jwt plugin that the backend takes',
    weight: 66,
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'algorithm',
  title: 'the two sides use different algorithms',
  causes,
  match(evidence) {
    if (!refuses(evidence)) return [];
    return evidence.session?.token?.alg?.startsWith('HS') === true ? symmetric(evidence) : asymmetric(evidence);
  },
  excludes: (evidence) =>
    takes(evidence) && evidence.session?.token != null
      ? `the algorithm: the backend takes ${evidence.session.token.alg}`
      : null,
});

function asymmetric({ backend, session, frontend, files }: Evidence): Found<typeof causes>[] {
  if (backend === undefined) return [];
  const alg = session?.token?.alg ?? 'unsigned';
  const about = { alg, jwks: `${frontend?.url ?? ''}/jwks` };
  const own = backend.minted.find(({ answer }) => took(answer, backend));
  if (own !== undefined) {
    const because = [
      `it refuses a fresh ${alg} token, and takes an HS256 token made with ${inWords(own.fits[0] ?? { holder: 'a secret', variant: null })}`,
    ];
    return [{ cause: 'backend-wants-hs256', guilty: 'backend', data: about, because }];
  }
  const says = backend.token?.says ?? '';
  const setting = files?.backend?.settings.find(
    ({ name, value }) => /ALG/i.test(name) && /^[EHRP]S\d{3}$|^EdDSA$/.test(value) && value !== alg,
  );
  if (setting !== undefined) {
    const data = { ...about, name: setting.name, wanted: setting.value, file: setting.path ?? 'the environment' };
    return [
      {
        cause: 'files-algorithm',
        guilty: 'backend',
        data,
        because: [`it answered ${backend.token?.status} to the token`],
      },
    ];
  }
  if (!/\balg/i.test(says) || /signature/i.test(says)) return [];
  return [
    {
      cause: 'said-algorithm',
      guilty: 'backend',
      data: about,
      because: [`it answered ${backend.token?.status}: ${says}`],
    },
  ];
}

function symmetric({ backend, session }: Evidence): Found<typeof causes>[] {
  const says = backend?.token?.says ?? '';
  if (!/\balg/i.test(says)) return [];
  const because = [`it answered ${backend?.token?.status} to a token of ${session?.token?.alg}: ${says}`];
  return [{ cause: 'backend-wants-jwks', guilty: 'backend', data: {}, because }];
}
