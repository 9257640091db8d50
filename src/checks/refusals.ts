import type { Problem } from '../core/check.js';
import { ending, inconclusive, skip } from '../core/check.js';
import type { Probe } from '../core/probe.js';
import type { Baselines } from '../core/refused.js';
import { refusal } from '../core/refused.js';
import type { Reply } from '../core/reply.js';
import type { Secret } from '../core/secret.js';
import type { Token } from './fetch-token.js';
import type { Protected } from './token/accepted-by-api.js';

/** Something that the deployment must refuse, in words that finish "the API took ...". */
export interface Attempt {
  readonly what: string;
  readonly send: () => Promise<Reply>;
}

export const refusalProblems = {
  accepted: { level: 'fail', text: '{url} answered {status} to {what}' },
  crashed: {
    level: 'warn',
    text: '{url} answered {status} to {what}',
    hint: 'it fails closed, but it crashes: answer 401',
  },
} as const;

export interface Refusals {
  readonly accepted: readonly Problem<'accepted', { url: string; status: number; what: string }>[];
  readonly crashed: readonly Problem<'crashed', { url: string; status: number; what: string }>[];
  /** answers that say neither yes nor no, in words */
  readonly unclear: readonly string[];
  /** the route answered everybody alike: nothing can be learnt on it */
  readonly open: boolean;
}

/** Sends everything side by side and rules on each answer against the two baselines. */
export async function refusals(attempts: readonly Attempt[], baselines: Baselines): Promise<Refusals> {
  const ruled = await Promise.all(
    attempts.map(async ({ what, send }) => {
      const reply = await send();
      const { url, status } = reply;
      return { data: { url, status, what }, kind: refusal(reply, baselines).kind };
    }),
  );
  const of = (wanted: string) => ruled.filter(({ kind }) => kind === wanted).map(({ data }) => data);
  return {
    accepted: of('accepted').map((data) => ({ code: 'accepted', data })),
    crashed: of('crashed').map((data) => ({ code: 'crashed', data })),
    unclear: of('unclear').map(({ url, status, what }) => `${url} answered ${status} to ${what}`),
    open: ruled.some(({ kind }) => kind === 'public'),
  };
}

/** What the refusals of tokens are measured with: the good token, and a route that takes it. */
export interface Measure {
  readonly token: Token;
  readonly route: Protected;
}

/** A bearer token that must be refused, sent to the route of the control. */
export function bearing({ api }: Probe, { route }: Measure, what: string, bearer: Secret | string): Attempt {
  return { what, send: () => api.get(route.path, { bearer }) };
}

/** The ending of a check that sends what must be refused: all of it between two controls, none of it accepted. */
export async function allRefused(
  probe: Probe,
  { token, route }: Measure,
  attempts: readonly Attempt[],
  names: readonly string[] = [],
) {
  const ruled = await refusals(attempts, { ...route, names: [...route.names, ...names] });
  const after = await probe.api.get(route.path, { bearer: token.jwt });
  if (ruled.accepted.length > 0) return ending(ruled.accepted, ruled.crashed);
  if (ruled.open) return skip(`${route.path} answers everybody alike`);
  if (refusal(after, route).kind !== 'accepted') return inconclusive(notAfterwards(after));
  if (ruled.unclear.length > 0) return inconclusive(ruled.unclear.join('; '));
  return ending([], ruled.crashed);
}

/** The same ending, with the likely cause beside each thing that was accepted: what else was accepted tells it. */
export function withCauses(
  ruled: Awaited<ReturnType<typeof allRefused>>,
  causeOf: (what: string, accepted: readonly string[]) => string,
) {
  if (ruled.kind !== 'failed') return ruled;
  const accepted = ruled.problems.flatMap((each) => (each.code === 'accepted' ? [each] : []));
  const all = accepted.map(({ data }) => data.what);
  return ending(
    accepted.map(({ code, data }) => ({ code, data: { ...data, cause: causeOf(data.what, all) } })),
    ruled.problems.flatMap((each) => (each.code === 'crashed' ? [each] : [])),
  );
}

/** Why nothing can be said: the control after the probes failed. */
export function notAfterwards({ url, status }: Reply): string {
  return `${url} answered ${status} to the good token afterwards`;
}
