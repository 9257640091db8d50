import type { MakeClient, ReferenceClient, Transport } from '../../src/checks/reference-client.js';
import type { StreamPart } from '../../src/client/index.js';
import { createAuthClient } from '../../src/client/index.js';

/** What readers of streams are known to do wrong. */
export type StreamFlaw =
  /** takes an id for had when its line comes, not when its event ends */
  'commits ids early' | 'begins anew' | 'goes on after the event before the last' | 'gives up';

/** A reader of streams as applications write them, over lockstep's client for the token, right but for one flaw. */
export function flawedStream(flaw: StreamFlaw): MakeClient {
  return (options) => {
    const real = createAuthClient(options);
    const client: ReferenceClient = {
      fetch: real.fetch,
      signIn: real.signIn,
      signOut: real.signOut,
      close: real.close,
      async *stream(path, init = {}, { ending } = {}): AsyncGenerator<StreamPart, void, undefined> {
        const ids: string[] = [];
        const over = ending?.() ?? (() => 'open' as const);
        for (let tries = 0; tries < 8; tries++) {
          const last = flaw === 'goes on after the event before the last' ? ids.at(-2) : ids.at(-1);
          const resumed: Record<string, string> =
            last === undefined || flaw === 'begins anew' ? {} : { 'last-event-id': last };
          const answer = await (real.fetch as Transport)(path as string, {
            ...init,
            headers: { ...(init as { headers?: Record<string, string> }).headers, ...resumed },
          });
          let text = '';
          try {
            for await (const bytes of answer.body as AsyncIterable<Uint8Array>) {
              text += Buffer.from(bytes).toString('latin1');
              const events = text.split('\n\n');
              text = events.pop() ?? '';
              for (const event of events) {
                const id = /^id: (.*)$/m.exec(event)?.[1];
                const data = Buffer.from(/^data: (.*)$/m.exec(event)?.[1] ?? '', 'latin1').toString();
                const part = { kind: 'event' as const, id, name: 'message', data };
                if (over(part) === 'end') return;
                if (id !== undefined) ids.push(id);
                yield part;
              }
            }
          } catch {
            // cut
          }
          const half = /^id: (.*)$/m.exec(text)?.[1];
          if (flaw === 'commits ids early' && half !== undefined) ids.push(half);
          if (flaw === 'gives up') return;
        }
      },
    };
    return client;
  };
}
