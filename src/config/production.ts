import type { Target } from '../core/target.js';
import type { Desk } from './desk.js';
import { isPrivateHost } from './host.js';
import type { Mistake, Origin } from './mistake.js';
import type { TargetConfig } from './schema.js';
import type { Env, Flags, Sourced } from './sources.js';

const variable = 'LOCKSTEP_PRODUCTION';

/** The addresses that a run would write to, by setting. */
export type Contacted = Readonly<Record<string, Sourced<string> | null>>;

/**
 * Whether the target counts as production. A flag decides; a variable can only protect, since an environment is set
 * once and forgotten; the file's `false` vouches for addresses of the file, not for one that a flag puts in their
 * place; else an address that is not private.
 */
export function settleProduction(
  desk: Desk,
  entry: TargetConfig | null,
  contacted: Contacted,
  { flags, env }: { readonly flags: Flags; readonly env: Env },
): Pick<Target, 'production' | 'vouched'> {
  if (flags.production !== undefined) {
    return settle(flags.production, { kind: 'flag', flag: flags.production ? '--production' : '--no-production' });
  }
  const protects = env[variable] ?? '';
  if (protects === 'true' || protects === '1') return settle(true, { kind: 'env', variable });
  if (protects !== '') desk.mistakes.push(unprotecting);
  const written = entry?.production;
  const open = Object.entries(contacted).find(([, address]) => isOpen(address, written === false));
  if (written === true || (written === false && open === undefined)) return settle(written, desk.written('production'));
  return settle(open !== undefined, { kind: 'default', from: open?.[0] ?? 'auth' });

  function settle(value: boolean, origin: Origin): Pick<Target, 'production' | 'vouched'> {
    const production = desk.settle('production', { value, origin });
    return !production && origin.kind !== 'default' ? { production, vouched: true } : { production };
  }
}

const unprotecting: Mistake = {
  origin: { kind: 'env', variable },
  text: 'can only be true: it protects',
  hint: 'say --no-production, or "production": false in lockstep.json',
};

function isOpen(address: Sourced<string> | null, vouched: boolean): boolean {
  // one that is made from another is no more open than that
  if (address === null || address.origin.kind === 'default' || address.value === '') return false;
  if (vouched && address.origin.kind === 'file') return false;
  return !isPrivateHost(new URL(address.value).hostname);
}
