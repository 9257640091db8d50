import { took } from '../core/evidence/backend.js';
import type { Evidence } from '../core/evidence/evidence.js';
import type { Fit, Holder } from '../core/evidence/holder.js';
import { printable } from '../core/finding.js';

/** One line of who holds what. Lines with one fingerprint hold the same. */
export interface Held {
  readonly who: string;
  readonly fingerprint: string | null;
  readonly what: string;
}

/** The places where the secret lives, those that run first read from files, then what runs, then what it sealed. */
export function matrix(evidence: Evidence): Held[] {
  return [...files(evidence), ...running(evidence), ...sealed(evidence)];
}

function files({ holders, files }: Evidence): Held[] {
  const shown = holders.filter(({ kind }) => kind !== 'default' && kind !== 'other-loader');
  const lacking = (['frontend', 'backend'] as const).flatMap((side) =>
    files?.[side] !== undefined && files[side].holder === null
      ? [{ who: `${side} file`, fingerprint: null, what: `sets no ${files[side].name}` }]
      : [],
  );
  return [...shown.map(holderLine), ...lacking];
}

const kinds: Readonly<Record<Holder['kind'], string>> = {
  current: 'file',
  version: 'file, version',
  'other-name': 'file, other name',
  beaten: 'file, beaten',
  'other-loader': 'file, other loader',
  sibling: 'file beside',
  backup: 'backup',
  example: 'example',
  environment: 'other environment',
  shell: 'this shell',
  process: 'process',
  default: 'default',
};

function holderLine({ kind, side, id, loader, fingerprint, empty }: Holder): Held {
  const who = side === null ? kinds[kind] : `${side} ${kinds[kind]}`;
  const how = loader === null ? '' : `, as ${loader} reads it`;
  return { who, fingerprint, what: `${printable(id)}${empty ? ' (empty)' : how}` };
}

function running(evidence: Evidence): Held[] {
  const { frontend, session, backend } = evidence;
  const cookie = session?.cookie?.fits ?? [];
  const front = cookie.length > 0 ? cookie : (frontend?.oracle?.fits ?? []);
  const lines: Held[] = [];
  if (frontend !== undefined && frontend.ok.status !== 0) lines.push(fitted('frontend runs', front, evidence));
  const token = session?.token;
  if (token?.alg?.startsWith('HS')) lines.push(fitted('token signed with', token.fits, evidence));
  else if (token != null)
    lines.push({
      who: 'token signed with',
      fingerprint: null,
      what: `a key of the JWKS (${printable(`${token.alg}, kid ${token.kid}`)})${token.published === false ? ', which does not publish it' : ''}`,
    });
  if (backend !== undefined && backend.anonymous.status !== 0) {
    const own = backend.minted.find(({ answer }) => took(answer, backend));
    if (own !== undefined) lines.push(fitted('backend takes', own.fits, evidence));
    else
      lines.push({
        who: 'backend',
        fingerprint: null,
        what:
          backend.token === null
            ? 'took none of the tokens that were made for it'
            : `${took(backend.token, backend) ? 'takes' : 'refuses'} the token of the frontend (${backend.token.status})`,
      });
  }
  return lines;
}

function sealed(evidence: Evidence): Held[] {
  return (evidence.database?.rows ?? [])
    .slice(0, 5)
    .map((row) =>
      row.form === 'plain'
        ? { who: 'jwks row', fingerprint: null, what: `${printable(row.kid)} is not encrypted` }
        : { ...fitted('jwks row', row.fits, evidence, printable(row.kid)) },
    );
}

function fitted(who: string, fits: readonly Fit[], { holders }: Evidence, about?: string): Held {
  const beginning = about === undefined ? '' : `${about} opens with `;
  const [fit] = fits;
  if (fit === undefined)
    return {
      who,
      fingerprint: null,
      what: about === undefined ? 'none of these' : `${about} opens with none of these`,
    };
  const fingerprint = fit.variant === null ? (holders.find(({ id }) => id === fit.holder)?.fingerprint ?? null) : null;
  return {
    who,
    fingerprint,
    what: printable(`${beginning}${fit.holder}${fit.variant === null ? '' : ` ${fit.variant}`}`),
  };
}
