import type { StreamEvent } from '../../client/index.js';
import { eventDecoder } from '../../client/index.js';
import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import { Unreachable } from '../../core/errors.js';
import type { Opening, Probe } from '../../core/probe.js';
import { isRefusalNotice } from '../../core/refusal-notice.js';
import { withDyingToken } from '../dying-token.js';
import { minterFor } from '../minter.js';
import { filled } from '../own-object.js';
import { isClientError } from '../reference-client.js';
import token from '../token/fetch.js';

/** Seconds of silence after which nobody can call it thought any more. */
const silence = 60;

export default defineCheck({
  id: 'refresh/stream-survives-token-expiry',
  title: 'a stream whose token expires on the way runs to its end, or ends so that a client can go on',
  severity: 'medium',
  impact: 'writes',
  source: ['ASVS 7.3.2', 'ASVS 9.2.1'],
  needs: { token },
  problems: {
    silent: {
      level: 'fail',
      text: '{url} sent nothing more for {seconds} s after the token had expired, and did not end',
      hint: 'let the stream run to its end, or end it with an event that says why',
    },
    'cut-off': {
      level: 'warn',
      text: '{url} ended without an end when the token had expired, with no id to go on from',
      hint: 'verify the token once, when the stream begins, or give events ids',
    },
  },
  async run(probe, { token }) {
    const { api, target } = probe;
    const { stream } = target.routes;
    if (stream === null) return skip('no stream: declare routes.stream');
    const minter = await minterFor(probe, token);
    if (typeof minter === 'string') return skip(`cannot mint: ${minter}`);
    const {
      token: dying,
      used: opening,
      late,
    } = await withDyingToken(probe, minter, {
      use: ({ jwt }) =>
        api.open('POST', stream.post, filled(stream.body, probe.canary()), {
          bearer: jwt,
          headers: { accept: 'text/event-stream' },
        }),
      taken: ({ status }) => status === 200,
    });
    const { url, status } = opening;
    if (late) return skip(`${url} answers so late that a token is dead before`);
    if (status !== 200) return inconclusive(`${url} answered ${status} to a good token minted with ${minter.place}`);
    const left = dying.end - probe.now();
    const seen = await watch(probe, opening, stream.done);
    if (seen.over !== null && seen.over < left)
      return skip(`${url} has said all in ${(seen.over / 1000).toFixed(1)} s, before a token can expire`);
    if (seen.how === 'end') return pass();
    const { lastEvent: last } = seen;
    if (seen.over !== null) {
      const told = last !== undefined && (last.name === 'error' || last.id !== undefined || isRefusalNotice(last.data));
      return told ? pass() : warn(undefined, { code: 'cut-off' as const, data: { url } });
    }
    // what still comes after the end of the token says that the stream lives on
    if (seen.last > left) return pass();
    const quiet = Math.floor((probe.longest - seen.last) / 1000);
    if (quiet < silence) return skip(`${url} has been quiet for ${quiet} s: --max-wait ${silence + 6}s`);
    return problem('silent', { url, seconds: quiet });
  },
});

/** What comes of a stream in the time that is allowed; times are milliseconds since it opened. */
async function watch(probe: Probe, opening: Opening, done: string | null) {
  const decoder = eventDecoder();
  const seen = {
    // the last alone: there may be a million
    lastEvent: undefined as StreamEvent | undefined,
    last: 0,
    over: null as number | null,
    how: 'open' as 'open' | 'end' | 'closed',
  };
  const isEnd = ({ name, data }: StreamEvent) => data === (done ?? '[DONE]') || name === (done ?? 'done');
  const listening = (async () => {
    for await (const { at, bytes } of opening.body) {
      seen.last = at - opening.at;
      for (const event of decoder.feed(bytes)) {
        seen.lastEvent = event;
        if (!isEnd(event)) continue;
        seen.how = 'end';
        seen.over = seen.last;
        return;
      }
    }
    seen.how = 'closed';
    seen.over = seen.last;
  })().catch((error: unknown) => {
    // nobody says any more, or an event does not end
    if (!(error instanceof Unreachable) && !isClientError(error)) throw error;
    seen.how = 'closed';
    seen.over = seen.last;
  });
  for (let waited = 0; waited < probe.longest && seen.over === null; waited += 5_000)
    await Promise.race([listening, probe.pause(Math.min(5_000, probe.longest - waited))]);
  opening.close();
  return seen;
}
