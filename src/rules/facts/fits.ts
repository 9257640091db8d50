import { took } from '../../core/evidence/backend.js';
import type { Evidence } from '../../core/evidence/evidence.js';
import type { Fit, Holder } from '../../core/evidence/holder.js';
import type { Side } from '../../core/evidence/side.js';

/** What the running frontend signs with: measured, or not. `sure` is false where a renamed cookie could mislead. */
export interface Runs {
  readonly fits: readonly Fit[];
  readonly sure: boolean;
  readonly how: string;
  readonly tried: number;
}

/** Null where nothing measured it. */
export function frontendRuns({ frontend, session }: Evidence): Runs | null {
  if (session?.cookie != null) {
    const how = `the cookie ${session.cookie.name} of a fresh sign-in`;
    return { fits: session.cookie.fits, sure: true, how, tried: session.tried };
  }
  const oracle = frontend?.oracle;
  if (oracle == null || oracle.control !== 'silent') return null;
  const how = `a cookie of an unknown session, which ${oracle.path} clears where its signature is right`;
  return { fits: oracle.fits, sure: oracle.fits.length > 0, how, tried: oracle.tried };
}

/** What the running backend takes: null where nothing measured it, no fits where it takes none of what was tried. */
export function backendRuns({ backend, session }: Evidence): Runs | null {
  if (backend === undefined || backend.anonymous.status === 0 || backend.anonymous.status < 300) return null;
  const tried = backend.minted.length;
  const taken = backend.minted.find(({ answer }) => took(answer, backend));
  if (taken !== undefined)
    return { fits: taken.fits, sure: true, how: 'a token of our own, signed so and valid for a minute', tried };
  if (took(backend.token, backend) && session?.token?.alg?.startsWith('HS') === true)
    return { fits: session.token.fits, sure: true, how: 'the token of the frontend', tried: session.tried };
  return tried === 0 ? null : { fits: [], sure: false, how: 'tokens of our own', tried };
}

/** The backend was shown the frontend's fresh token, and does not take it. */
export function refuses({ backend }: Evidence): boolean {
  return backend?.token != null && backend.token.status !== 0 && !took(backend.token, backend);
}

/** The backend takes the frontend's fresh token: whatever the files say, the two are in step. */
export function takes({ backend }: Evidence): boolean {
  return backend?.token != null && took(backend.token, backend);
}

export function holderOf({ holders }: Evidence, id: string | null | undefined): Holder | null {
  return holders.find((holder) => holder.id === id) ?? null;
}

/** What the side's own files come to; null where they set nothing. */
export function currentOf(evidence: Evidence, side: Side): Holder | null {
  return holderOf(evidence, evidence.files?.[side]?.holder);
}

export function isExactly(fits: readonly Fit[], holder: Holder | null): boolean {
  return holder !== null && fits.some((fit) => fit.variant === null && fit.holder === holder.id);
}

export function other(side: Side): Side {
  return side === 'frontend' ? 'backend' : 'frontend';
}

/** `the value of X`, `the value of X with a trailing newline`, `the SHA-256 in hex of the value of X` */
export function inWords({ holder, variant }: Fit): string {
  if (variant === null) return `the value of ${holder}`;
  if (/^its /.test(variant)) return `the ${variant.slice('its '.length)} of the value of ${holder}`;
  if (/^(the|an) |^Better/.test(variant)) return variant;
  return `the value of ${holder} ${variant}`;
}

/** The backend verifies by the JWKS, and what its files say of a secret is worth nothing. */
export function needsNoSecret({ trust, files, backend, session }: Evidence): boolean {
  if (trust === 'jwks') return true;
  if (trust === 'shared-secret') return false;
  // a backend that was asked shows it
  if (backend?.token != null && session?.token?.alg?.startsWith('HS') === true) return false;
  return files?.backend?.settings.some(({ name }) => /JWKS/i.test(name)) === true;
}

/** What a process has that was given no secret: the variable is read, and it is not there. */
export function isNothing(variant: string | null): boolean {
  return ['an empty value', 'the word undefined', 'the word null', 'the word None'].includes(variant ?? '');
}

/** The secret was set in the environment with which the process was started. */
export function startedWith({ holders, files }: Evidence, side: Side): boolean {
  const names = [files?.[side]?.name ?? 'BETTER_AUTH_SECRET', ...(side === 'frontend' ? ['AUTH_SECRET'] : [])];
  return holders.some(
    ({ kind, side: owner, name, empty }) =>
      kind === 'process' && owner === side && !empty && (names.includes(name) || /BETTER_AUTH_SECRETS$/.test(name)),
  );
}
