import type { Answer } from '../../core/evidence/answer.js';
import type { SampleSeen } from '../../core/evidence/backend.js';
import { took } from '../../core/evidence/backend.js';
import type { Line } from './ask.js';
import { ask, cleared } from './ask.js';
import { unknownCookie } from './frontend.js';

/** Connections at once. */
const together = 5;

/** The frontend over fresh connections: does every one of them take an unknown session that `key` signed? */
export function sampleFrontend(
  line: Line,
  url: string,
  cookies: readonly string[],
  key: Uint8Array,
  times: number,
): Promise<SampleSeen> {
  return sample(times, async () => {
    const { reply, answer } = await ask(line, url, { cookie: unknownCookie(line, cookies, key), fresh: true });
    return cleared(reply).length > 0 ? 'yes' : answer.status === 200 || answer.status === 401 ? 'no' : 'unclear';
  });
}

/** The backend over fresh connections: does every one of them take the token? */
export function sampleBackend(
  line: Line,
  url: string,
  token: string,
  controls: { readonly anonymous: Answer; readonly stranger: Answer },
  times: number,
): Promise<SampleSeen> {
  return sample(times, async () => {
    const { answer } = await ask(line, url, { bearer: token, fresh: true });
    return took(answer, controls) ? 'yes' : answer.status === controls.stranger.status ? 'no' : 'unclear';
  });
}

async function sample(times: number, once: () => Promise<'yes' | 'no' | 'unclear'>): Promise<SampleSeen> {
  const counts = { yes: 0, no: 0, unclear: 0 };
  for (let done = 0; done < times; done += together) {
    const some = Math.min(together, times - done);
    for (const answer of await Promise.all(Array.from({ length: some }, once))) counts[answer] += 1;
  }
  return { connections: times, ...counts };
}
