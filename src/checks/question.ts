import type { StreamEvent } from '../client/index.js';
import type { Probe } from '../core/probe.js';
import { items } from '../core/reply.js';
import type { Secret } from '../core/secret.js';
import type { Stream } from '../core/target.js';
import { filled } from './own-object.js';
import { spoken, textsIn } from './spoken.js';

/** Looks at the stored messages, half a second apart: some are stored after the stream has ended. */
const looks = 5;

/** What was stored of an answer. */
interface Kept {
  /** entries that hold the canary of the question */
  readonly entries: number;
  /** the place in the events whose texts, joined, stand in a new entry; null where none does */
  readonly key: string | null;
}

/** A question to a stream, with a canary of its own, and what is stored of it; null where nothing says what is stored. */
export async function question(
  { api, canary: make, pause }: Probe,
  stream: Stream,
  bearer: Secret,
  key: string | null,
) {
  const canary = make();
  const body = filled(stream.body, canary);
  const path = stream.messages;
  const entries = async () =>
    path === null ? [] : items((await api.get(path, { bearer })).json).map((one) => JSON.stringify(one));
  const before = new Set(await entries());
  const look = async (events: readonly StreamEvent[]): Promise<Kept> => {
    const now = (await entries()).filter((one) => !before.has(one));
    const texts = new Set(now.flatMap((one) => textsIn(JSON.parse(one)).map(([, text]) => text)));
    const said = [...spoken(events)].filter(
      ([place, text]) => text !== '' && (key === null || place === key) && texts.has(text),
    );
    // the longest: a name or an id may stand in both by itself
    const longest = said.sort(([, a], [, b]) => b.length - a.length)[0];
    return { entries: now.filter((one) => one.includes(canary)).length, key: longest?.[0] ?? null };
  };
  return {
    body,
    open: () => api.open('POST', stream.post, body, { bearer, headers: { accept: 'text/event-stream' } }),
    async stored(events: readonly StreamEvent[]): Promise<Kept | null> {
      if (path === null) return null;
      let kept = await look(events);
      for (let n = 1; n < looks && kept.key === null; n++) {
        await pause(500);
        kept = await look(events);
      }
      return kept;
    },
  };
}
