import type { Evidence } from '../core/evidence/evidence.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';
import { currentOf, frontendRuns, isExactly, refuses } from './facts/fits.js';

const causes = {
  'secret-differs': {
    certainty: 'likely',
    symptom: true,
    text: 'the backend refuses the HS256 token of the frontend: the secrets differ, cause unknown',
    means: 'the frontend has what its files say, and the backend something else that lockstep did not see',
    fix: [
      'look at the process of the backend: `lockstep diagnose --pid-backend NUMBER`',
      'give what else may hold its secret: `lockstep diagnose --backend DIR --also DIR`',
    ],
    proof: 'the value that the process of the backend was started with',
    weight: 45,
  },
  refuses: {
    certainty: 'proven',
    symptom: true,
    text: 'the backend answers {status} to a fresh token of the frontend, and nothing that was seen says why',
    means: 'issuer, audience, time, the keys that it has, or a rule of its own: these are left',
    fix: [
      'read the log of the backend at the time of a refused token',
      'name the database, so that tokens with other claims can be tried: `lockstep diagnose --database-url-env DATABASE_URL`',
    ],
    weight: 30,
  },
  crashes: {
    certainty: 'likely',
    symptom: true,
    text: 'the backend answers {status} to a token, whoever signed it',
    means: 'a verifier without a secret breaks so: python-jose raises JWKError for None, which is not a JWTError',
    fix: ['see that the secret reaches the backend: `lockstep env check`', 'read its log'],
    proof: 'its log at the time of a token',
    weight: 50,
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'unexplained',
  title: 'the backend does not take the token of the frontend',
  causes,
  match(evidence): Found<typeof causes>[] {
    const { backend, session } = evidence;
    if (backend === undefined || !(refuses(evidence) || crashesAtAll(evidence))) return [];
    const status = backend.token?.status ?? backend.stranger.status;
    const because = [`${backend.route} answered ${status} to the token, and ${backend.anonymous.status} to nobody`];
    if (crashesAtAll(evidence)) return [{ cause: 'crashes', guilty: 'backend', data: { status }, because }];
    const own = currentOf(evidence, 'frontend');
    const agrees = isExactly(frontendRuns(evidence)?.fits ?? [], own);
    // that the claims were tried with the right key and are not it leaves the secret
    if (session?.token?.alg?.startsWith('HS') === true && agrees)
      return [{ cause: 'secret-differs', guilty: 'backend', data: {}, because }];
    return [{ cause: 'refuses', guilty: 'backend', data: { status }, because }];
  },
});

function crashesAtAll({ backend }: Evidence): boolean {
  return (
    backend !== undefined &&
    backend.stranger.status >= 500 &&
    backend.anonymous.status < 500 &&
    backend.anonymous.status > 0
  );
}
