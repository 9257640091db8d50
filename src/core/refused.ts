import type { Reply } from './reply.js';
import { header, reveals } from './reply.js';

/** How a deployment answered something that it must refuse. */
export type Refusal =
  /** 401: as it should be */
  | { readonly kind: 'refused' }
  /** 400, 403, 404, or one that is about the form of the request: refused, in other words than 401 */
  | { readonly kind: 'refused-otherwise'; readonly status: number }
  /** 5xx: fails closed, but crashes */
  | { readonly kind: 'crashed'; readonly status: number }
  /** 2xx with what only the rightful caller may see */
  | { readonly kind: 'accepted'; readonly status: number }
  /** 2xx without anything of the rightful caller: a public route */
  | { readonly kind: 'public' }
  /** 3xx, 429 and what else says neither yes nor no */
  | { readonly kind: 'unclear'; readonly status: number };

export interface Baselines {
  /** the good credential's answer on the same URL, taken just before: 2xx */
  readonly control: Reply;
  /** the answer without any credential */
  readonly anonymous: Reply;
  /** texts that only the answer to an accepted credential holds: identities, canaries */
  readonly names: readonly string[];
}

/**
 * Rules on the answer to a bad credential, against two baselines (never on the status alone): a page that answers
 * 200 to everybody is public, not broken into.
 */
export function refusal(reply: Reply, { control, anonymous, names }: Baselines): Refusal {
  const { status } = reply;
  if (status === 401) return { kind: 'refused' };
  if (otherRefusals.includes(status)) return { kind: 'refused-otherwise', status };
  if (status === 404 && control.status < 300) return { kind: 'refused-otherwise', status };
  if (status >= 500) return { kind: 'crashed', status };
  if (status >= 200 && status < 300) {
    if (sameAnswer(reply, anonymous)) return { kind: 'public' };
    return names.some((name) => reveals(reply, name)) ? { kind: 'accepted', status } : { kind: 'public' };
  }
  return { kind: 'unclear', status };
}

/** 405 and 415 say that it cannot be asked so, 413 and 431 that it was too long, 422 that it was not understood. */
const otherRefusals = [400, 403, 405, 413, 415, 422, 431];

/** Same status, same kind of content, same body: what a cache or a public page would send to both. */
export function sameAnswer(one: Reply, other: Reply): boolean {
  return (
    one.status === other.status &&
    header(one, 'content-type') === header(other, 'content-type') &&
    one.text === other.text
  );
}
