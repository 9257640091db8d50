import type { Backoff } from '../backoff.js';
import type { StreamEvent } from './decode.js';

/** What a stream delivers. */
export type StreamPart =
  | ({ readonly kind: 'event' } & StreamEvent)
  /** the stream could not be resumed: forget all that it delivered and show this stored message */
  | { readonly kind: 'replace'; readonly stored: unknown };

/**
 * What an event says about the end: `end` is the end marker (not delivered), `complete` that the server may close now,
 * `open` that it may not: bytes that end there were cut.
 */
export type Ending = (event: StreamEvent) => 'end' | 'complete' | 'open';

export interface StreamOptions {
  /** reads the end of one stream out of its events; `[DONE]`, an event named `done` or a `finish` part unless given */
  readonly ending?: () => Ending;
  /** the request that goes on after the event with this id; the first one with `Last-Event-ID` unless given */
  readonly resume?: (lastId: string) => { readonly input: unknown; readonly init?: object };
  /** fetches the message as it is stored, for streams that cannot be resumed */
  readonly stored?: (signal: AbortSignal) => Promise<unknown>;
  /** tries without any new event in between; 5 unless given */
  readonly maxResumes?: number;
  readonly backoff?: Backoff;
  /** characters of one event; 1 Mi unless given */
  readonly maxEventSize?: number;
}

/** The end markers in common use. */
export const commonEnding = (): Ending => {
  let complete = false;
  return ({ name, data }) => {
    if (name === 'done' || data === '[DONE]') return 'end';
    // the part after which AI SDK servers send [DONE], or close
    if (/^\{\s*"type"\s*:\s*"finish"/.test(data)) complete = true;
    return complete ? 'complete' : 'open';
  };
};
