import type { StreamEvent } from './decode.js';
import type { Ending, StreamOptions } from './options.js';

/*
 * The ChatKit protocol: one POST route for everything, an envelope with `type` and `params`, answers as JSON or as
 * server-sent events without names, ids or end marker. Source: openai/chatkit-python, chatkit/types.py.
 */

export interface ChatKitMessage {
  readonly text: string;
  /** ids of attachments */
  readonly attachments?: readonly string[];
  readonly inferenceOptions?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Bodies of ChatKit requests, to be sent as JSON. */
export const chatKitRequest = {
  /** starts a thread with a message; answered by a stream */
  create: (message: ChatKitMessage) => envelope('threads.create', { input: inputOf(message) }, message.metadata),
  /** goes on with a thread; answered by a stream */
  addUserMessage: (threadId: string, message: ChatKitMessage) =>
    envelope('threads.add_user_message', { thread_id: threadId, input: inputOf(message) }, message.metadata),
  /** a thread with its items as stored; answered by JSON */
  getThread: (threadId: string) => envelope('threads.get_by_id', { thread_id: threadId }),
  listItems: (threadId: string, limit = 20) =>
    envelope('items.list', { thread_id: threadId, limit, order: 'desc', after: null }),
};

function envelope(type: string, params: Record<string, unknown>, metadata: Readonly<Record<string, unknown>> = {}) {
  return { type, params, metadata };
}

function inputOf({ text, attachments = [], inferenceOptions = {} }: ChatKitMessage) {
  return { content: [{ type: 'input_text', text }], attachments, inference_options: inferenceOptions };
}

export const chatKitKinds = [
  'thread.created',
  'thread.updated',
  'thread.item.added',
  'thread.item.updated',
  'thread.item.done',
  'thread.item.removed',
  'thread.item.replaced',
  'stream_options',
  'progress_update',
  'client_effect',
  'error',
  'notice',
] as const;

export type ChatKitKind = (typeof chatKitKinds)[number];

/** One event of a ChatKit stream; what else it carries depends on its type. */
export interface ChatKitEvent {
  readonly type: ChatKitKind;
  readonly [field: string]: unknown;
}

/** The ChatKit event that a server-sent event carries, or null for anything else. */
export function chatKitEvent({ data }: Pick<StreamEvent, 'data'>): ChatKitEvent | null {
  try {
    // whatever else JSON can be has no such type, or throws as null does
    const event = JSON.parse(data) as ChatKitEvent;
    return chatKitKinds.includes(event.type) ? event : null;
  } catch {
    return null;
  }
}

interface Item {
  readonly id: string;
  readonly type: string;
  readonly content?: readonly { readonly text?: unknown }[];
}

/**
 * When a ChatKit stream may end: after an error, or when something else than the user's own message is done and
 * nothing is left unfinished.
 */
export const chatKitEnding = (): Ending => {
  const unfinished = new Set<string>();
  let answered = false;
  return (event) => {
    const kit = chatKitEvent(event);
    const item = kit?.item as Item | undefined;
    if (kit?.type === 'error') {
      // nothing is finished after that
      unfinished.clear();
      answered = true;
    }
    if (kit?.type === 'thread.item.added' && item) unfinished.add(item.id);
    if (kit?.type === 'thread.item.removed') unfinished.delete(String(kit.item_id));
    if (kit?.type === 'thread.item.done' && item) {
      unfinished.delete(item.id);
      answered ||= item.type !== 'user_message';
    }
    return answered && unfinished.size === 0 ? 'complete' : 'open';
  };
};

/** Options of `client.stream` for ChatKit; add `stored` to recover from a cut, since ChatKit streams have no ids. */
export const chatKitStream: StreamOptions = { ending: chatKitEnding };

/** The texts of assistant messages by item id, out of the events of a stream. */
export class ChatKitTexts {
  readonly #parts = new Map<string, string[]>();

  apply(event: ChatKitEvent): void {
    const item = event.item as Item | undefined;
    if (event.type === 'thread.item.removed') this.#parts.delete(String(event.item_id));
    if (item?.type === 'assistant_message' && event.type.startsWith('thread.item.'))
      this.#parts.set(item.id, (item.content ?? []).map(textOf));
    if (event.type === 'thread.item.updated') this.#update(String(event.item_id), event.update);
  }

  /** The text of one message so far, undefined for an item that was never seen or is no message. */
  text(itemId: string): string | undefined {
    return this.#parts.get(itemId)?.join('');
  }

  /** Item ids in order of appearance. */
  ids(): string[] {
    return [...this.#parts.keys()];
  }

  #update(itemId: string, update: unknown): void {
    const { type, content_index: index, content, delta } = (update ?? {}) as Record<string, unknown>;
    if (typeof index !== 'number') return;
    const parts = this.#parts.get(itemId) ?? [];
    if (type === 'assistant_message.content_part.text_delta') parts[index] = (parts[index] ?? '') + String(delta);
    else if (type === 'assistant_message.content_part.added' || type === 'assistant_message.content_part.done')
      parts[index] = textOf(content as { text?: unknown });
    else return;
    this.#parts.set(itemId, parts);
  }
}

function textOf({ text }: { readonly text?: unknown }): string {
  return typeof text === 'string' ? text : '';
}
