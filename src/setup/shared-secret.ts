import type { LockstepError } from '../core/errors.js';
import { refused, usage } from '../core/errors.js';
import type { Secret } from '../core/secret.js';
import type { Half } from './half.js';
import type { Side } from './service.js';

/** What somebody has said about secrets that are there. */
export interface Consent {
  readonly adopt: Side | null;
  readonly replace: boolean;
  /** the name of the variable, typed */
  readonly confirm: string | null;
}

/** The secret that both sides shall have: one that is there, or a new one. */
export type Chosen = { readonly from: Side; readonly secret: Secret } | 'new';

/**
 * A secret that is there is kept, and given to a side that has none. Two that differ, or one that shall be replaced,
 * need somebody's word: without it nothing is chosen and a refusal is thrown. Exit 5.
 */
export function chooseSecret(frontend: Half, backend: Half, consent: Consent): Chosen {
  const held = { frontend: secretOf(frontend), backend: secretOf(backend) };
  if (consent.adopt !== null && consent.replace)
    throw usage('--adopt keeps a secret and --replace-secret makes a new one');
  if (consent.replace) {
    if (held.frontend !== null || held.backend !== null) confirmed(frontend, backend, consent.confirm);
    return 'new';
  }
  if (consent.adopt !== null) {
    const secret = held[consent.adopt];
    if (secret === null) throw usage(`there is no secret in the ${consent.adopt} to adopt`);
    return { from: consent.adopt, secret };
  }
  for (const half of [frontend, backend]) if (half.undecided(half.service.names.secret)) throw undecided(half);
  if (held.frontend !== null && held.backend?.equals(held.frontend) === false) throw differing(frontend, backend);
  if (held.frontend !== null) return { from: 'frontend', secret: held.frontend };
  return held.backend === null ? 'new' : { from: 'backend', secret: held.backend };
}

function secretOf(half: Half): Secret | null {
  return half.value(half.service.names.secret);
}

function confirmed(frontend: Half, backend: Half, confirm: string | null): void {
  const names = [frontend.service.names.secret, backend.service.names.secret];
  if (confirm !== null && names.includes(confirm)) return;
  const what = confirm === null ? 'to replace a secret needs its name' : `the secret is not called ${confirm}`;
  throw refused('unconfirmed', `${what}; nothing is written`, `pass --confirm ${names[0]}`);
}

function differing(frontend: Half, backend: Half): LockstepError {
  const { names } = frontend.service;
  return refused(
    'secret-differs',
    `${frontend.path} (${names.secret}) and ${backend.path} (${backend.service.names.secret}) hold different secrets; nothing is written`,
    `--adopt frontend or --adopt backend keeps one of them, --replace-secret --confirm ${names.secret} makes a new one`,
  );
}

function undecided({ path, service }: Half): LockstepError {
  return refused(
    'secret-undecided',
    `what ${service.names.secret} in ${path} is cannot be told without running it; nothing is written`,
    `--adopt the other side's, or --replace-secret --confirm ${service.names.secret}`,
  );
}
