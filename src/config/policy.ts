import type { Policy } from '../core/target.js';
import type { Desk } from './desk.js';
import type { TargetConfig } from './schema.js';

/** What holds where the file says nothing: Better Auth's own lifetime, and the close codes of RFC 6455, IANA and habit. */
const usual: Policy = {
  tokenLifetime: 900,
  leeway: 60,
  audience: 'enforced',
  sessions: 'multiple',
  authCloseCodes: [4401, 4403, 1008, 3000, 3003],
  authDeadline: 10,
  rateLimit: 'app',
};

export function settlePolicy(desk: Desk, written: TargetConfig['policy']): Policy {
  const names = Object.keys(usual) as (keyof Policy)[];
  const said = names.filter((name) => written?.[name] !== undefined);
  for (const name of said)
    desk.settle(`policy.${name}`, { value: written?.[name], origin: desk.written(`policy.${name}`) });
  return { ...usual, ...written };
}
