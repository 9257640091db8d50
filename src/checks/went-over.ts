import type { Caller } from '../core/probe.js';
import { reveals } from '../core/reply.js';
import type { Secret } from '../core/secret.js';
import type { Creation } from './own-object.js';

interface Passed {
  readonly made: Creation['made'];
  readonly canary: string;
}

/** Whether an object is shown to another and not to who made it; for where there is no list to look it up in. */
export async function wentOver(
  api: Caller,
  { made, canary }: Passed,
  { from, to }: { readonly from: Secret; readonly to: Secret },
): Promise<boolean> {
  if (made === null) return false;
  const [maker, other] = await Promise.all([from, to].map((bearer) => api.get(made.path, { bearer })));
  return maker !== undefined && other !== undefined && reveals(other, canary) && !reveals(maker, canary);
}
