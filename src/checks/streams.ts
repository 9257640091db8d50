import type { Opening, Probe } from '../core/probe.js';
import { reveals } from '../core/reply.js';
import type { Secret } from '../core/secret.js';
import { filled } from './own-object.js';

/** What came of it when one user resumed the stream of another. */
export type Resumed =
  | { readonly kind: 'silent' }
  | { readonly kind: 'resumed'; readonly url: string }
  | { readonly kind: 'unclear'; readonly because: string }
  | { readonly kind: 'untold'; readonly because: string };

const most = 1_000_000;

/**
 * The owner asks for a stream whose text holds a canary, and reads it to the end. The other user then asks for the rest
 * after its first event, as a client does that lost its connection, and for the stored messages.
 */
export async function resumedByAnother(probe: Probe, owner: Secret, other: Secret): Promise<Resumed> {
  const { stream } = probe.target.routes;
  if (stream === null) return { kind: 'untold', because: 'no stream: declare routes.stream' };
  const canary = probe.canary();
  const ask = (bearer: Secret, text: string, last?: string) =>
    probe.api.open('POST', stream.post, filled(stream.body, text), {
      bearer,
      headers: { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) },
    });
  const opened = await ask(owner, canary);
  const { url } = opened;
  if (opened.status < 200 || opened.status > 299)
    return { kind: 'unclear', because: `${url} answered ${opened.status} to its owner` };
  const text = await whole(opened);
  if (stream.messages !== null) {
    const stored = await probe.api.get(stream.messages, { bearer: other });
    if (reveals(stored, canary)) return { kind: 'resumed', url: stored.url };
  }
  const ids = [...text.matchAll(/^id: ?(.+)$/gm)].map(([, id = '']) => id);
  const [first] = ids;
  if (first === undefined)
    return { kind: 'untold', because: `${url} gives no event ids, so that there is nothing to resume` };
  // a resume asks with a text of its own: an answer that begins anew holds that, and nothing of the first stream
  const rest = ids.slice(1).filter((id) => id.length >= 8);
  const resumed = async (bearer: Secret) => {
    const answer = await ask(bearer, probe.canary(), first);
    const text = await whole(answer);
    return text.includes(canary) || rest.some((id) => text.includes(id));
  };
  if (!(await resumed(owner))) return { kind: 'untold', because: `${url} does not resume a stream for its owner` };
  return (await resumed(other)) ? { kind: 'resumed', url } : { kind: 'silent' };
}

/** The text of a stream, as far as its end or a bound. */
async function whole(opened: Opening): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const { bytes } of opened.body) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > most) break;
  }
  opened.close();
  return text;
}
