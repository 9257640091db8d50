import type { Problem } from '../core/check.js';
import type { Baselines } from '../core/refused.js';
import { refusal } from '../core/refused.js';
import type { Reply } from '../core/reply.js';

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
