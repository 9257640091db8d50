import type { Finding } from '../core/finding.js';
import type { Algorithm } from './algorithms.js';
import { isAlgorithm } from './algorithms.js';
import type { JsonObject } from './json.js';
import { member } from './json.js';
import { fault, typeName } from './problems.js';

export interface HeaderRuling {
  /** null where no signature may be looked at */
  readonly alg: Algorithm | null;
  readonly kid: string | null;
  readonly findings: readonly Finding[];
}

const embedded = ['jwk', 'jku', 'x5u', 'x5c'];

/**
 * Rules on a JOSE header (RFC 7515 4, RFC 8725 3). `allowed` is decided by the keys and by the caller, never by the
 * token; where it is empty, nothing can be allowed.
 */
export function ruleOnHeader(header: JsonObject, allowed: readonly Algorithm[]): HeaderRuling {
  const findings: Finding[] = [];
  const alg = member(header, 'alg');
  const list = allowed.length === 0 ? 'nothing: no key can be used' : allowed.join(', ');
  if (typeof alg !== 'string' || alg === '') findings.push(fault('alg-missing', {}));
  else if (/^none$/i.test(alg.trim())) findings.push(fault('alg-none', { alg }));
  else if (!allowed.includes(alg as Algorithm)) findings.push(fault('alg-not-allowed', { alg, allowed: list }));

  const crit = member(header, 'crit');
  if (crit !== undefined) findings.push(fault('crit', { names: names(crit) }));
  if (member(header, 'b64') !== undefined) findings.push(fault('b64', {}));
  const kid = member(header, 'kid');
  if (kid !== undefined && typeof kid !== 'string') findings.push(fault('kid-not-text', { type: typeName(kid) }));
  const brought = embedded.filter((name) => member(header, name) !== undefined);
  if (brought.length > 0) findings.push(fault('key-in-header', { names: brought.join(', ') }));

  const unreadable = findings.some(({ level }) => level === 'fail');
  return { alg: !unreadable && isAlgorithm(alg) ? alg : null, kid: typeof kid === 'string' ? kid : null, findings };
}

function names(crit: unknown): string {
  if (!Array.isArray(crit)) return typeName(crit);
  return crit.length === 0
    ? 'nothing'
    : crit.map((name) => (typeof name === 'string' ? name : typeName(name))).join(', ');
}
