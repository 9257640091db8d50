import { took } from '../core/evidence/backend.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';
import { refuses } from './facts/fits.js';

const causes = {
  unknown: {
    certainty: 'proven',
    text: 'the backend takes the token of one user and refuses that of another: it does not know the latter',
    means: 'keys and claims are right; the row of the user is missing on the side of the backend, or is barred',
    fix: [
      'look the user up where the backend keeps its users',
      'see that both sides use the same database: `lockstep env check`',
    ],
    weight: 86,
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'user',
  title: 'the backend knows one user and not another',
  causes,
  match(evidence): Found<typeof causes>[] {
    const { backend } = evidence;
    if (backend === undefined || backend.second === null || !refuses(evidence) || !took(backend.second, backend))
      return [];
    const because = [
      `${backend.route} answered ${backend.token?.status} to the first and ${backend.second.status} to the second`,
    ];
    return [{ cause: 'unknown', guilty: 'backend', data: {}, because }];
  },
});
