import { onAbort } from '../abort.js';
import { backoffDelay, defaultBackoff, sleep } from '../backoff.js';
import { askedWait, ClientError, classify, type Failure } from '../failure.js';
import { overFor } from '../refresh/reduce.js';
import { type Sender, send } from '../request.js';
import type { ResponseLike } from '../transport.js';
import { chunksOf } from './bytes.js';
import { eventDecoder } from './decode.js';
import { commonEnding, type StreamOptions, type StreamPart } from './options.js';
import { positions } from './position.js';

interface Init {
  readonly method?: string;
  readonly headers?: unknown;
  readonly signal?: AbortSignal | null;
}

const cut: Failure = { kind: 'network', code: 'cut' };

/**
 * The events of an answer, each once and in order, over as many connections as it takes. See `AuthClient.stream`.
 */
export async function* stream(
  streamer: Sender,
  input: unknown,
  init: Init = {},
  options: StreamOptions = {},
): AsyncGenerator<StreamPart, void, undefined> {
  const { coordinator, clock, random } = streamer;
  const { epoch } = coordinator.state;
  const ending = (options.ending ?? commonEnding)();
  const place = positions();
  const idempotent = /^(get|head)$/i.test(init.method ?? (input as { method?: string }).method ?? 'get');
  const controller = new AbortController();
  const { signal } = controller;
  // a user who is gone sees nothing more, whatever still arrives
  const over = () => overFor(epoch, coordinator.state);
  const unlisten = coordinator.listen(() => over() && controller.abort());
  const unhook = onAbort(init.signal, () => controller.abort(init.signal?.reason));

  let lastId = '';
  let delivered = 0;
  let tries = 0;
  let complete = false;
  let floor = 0;
  try {
    for (;;) {
      let failure: Failure = cut;
      try {
        const response = await open(streamer, input, init, options, lastId, signal);
        if (response.status === 204) return;
        if (lastId !== '' && (response.status === 404 || response.status === 410)) return yield* replaced();
        const refused = judge(response, streamer);
        if (refused) throw new ClientError(refused, { response });

        const decoder = eventDecoder(lastId, options.maxEventSize);
        place.restart(lastId);
        // a replay of what we have does not take us back
        let news = true;
        for await (const chunk of chunksOf(response.body, signal)) {
          for (const event of decoder.feed(chunk)) {
            const gone = over();
            if (gone) throw new ClientError(gone);
            const says = ending(event);
            if (says === 'end') return;
            complete = says === 'complete';
            news = place.first(event);
            if (!news) continue;
            tries = 0;
            delivered++;
            lastId = decoder.lastId;
            yield { kind: 'event', ...event };
          }
          if (news) lastId = decoder.lastId;
          floor = decoder.retry ?? floor;
        }
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        failure = error.failure;
        if (!transient(failure) && !signal.aborted) throw error;
      }
      const gone = over() ?? (signal.aborted ? { kind: 'aborted' as const } : null);
      if (gone) throw new ClientError(gone, { cause: init.signal?.reason });
      if (complete) return;

      const resumable = lastId !== '' || (delivered === 0 && idempotent);
      if (!resumable && delivered > 0 && options.stored) return yield* replaced();
      if (!resumable || tries >= (options.maxResumes ?? 5)) throw new ClientError(failure);
      const asked = Math.max(floor, askedWait(failure));
      await sleep(clock, backoffDelay(tries++, random(), asked, options.backoff ?? defaultBackoff), signal).catch(
        () => {},
      );
    }
  } finally {
    unlisten();
    unhook();
    controller.abort();
  }

  async function* replaced(): AsyncGenerator<StreamPart, void, undefined> {
    if (!options.stored) throw new ClientError({ kind: 'protocol', what: 'not resumable' });
    const stored = await options.stored(signal);
    const gone = over();
    if (gone) throw new ClientError(gone);
    yield { kind: 'replace', stored };
  }
}

function open(
  streamer: Sender,
  input: unknown,
  init: Init,
  options: StreamOptions,
  lastId: string,
  signal: AbortSignal,
): Promise<ResponseLike> {
  if (lastId === '') return send(streamer, input, { ...init, signal });
  const resumed = options.resume?.(lastId);
  if (resumed) return send(streamer, resumed.input, { ...resumed.init, signal });
  return send(streamer, input, { ...init, signal }, { 'last-event-id': lastId });
}

function judge(response: ResponseLike, { serverTime }: Sender): Failure | null {
  if (response.status !== 200) {
    return classify(response, serverTime.now()) ?? { kind: 'protocol', what: `status ${response.status}` };
  }
  const type = response.headers.get('content-type') ?? 'none';
  return /^text\/event-stream\s*(;|$)/i.test(type) ? null : { kind: 'protocol', what: `content type ${type}` };
}

/** What may be over in a moment. None of these says anything about the session. */
function transient({ kind }: Failure): boolean {
  return /^(network|server|rate-limited|refresh-(?!same))/.test(kind);
}
