import type { AuthClient, AuthClientOptions, ClientError, ResponseLike } from '../client/index.js';
import { createAuthClient, platformClock } from '../client/index.js';
import type { Chunk, Probe } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import { header, pointer } from '../core/reply.js';

/** What the client hands to its transport. */
export interface Init {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
export type Transport = (path: string, init?: Init) => Promise<ResponseLike>;
export type ReferenceClient = Pick<AuthClient<Transport>, 'fetch' | 'stream' | 'signIn' | 'signOut' | 'close'>;
/** Makes the client that is judged: lockstep's own, or in a specification one with a flaw. */
export type MakeClient = (options: AuthClientOptions<Transport>) => ReferenceClient;

/** One exchange between the client and the deployment, or what stands for it. */
export interface Sent {
  readonly kind: 'call' | 'refresh';
  readonly method: string;
  readonly status: number;
  /** the token of a call */
  readonly bearer: string;
}

export interface ReferenceOptions {
  readonly make?: MakeClient | undefined;
  /** asks the token route; with the session of the user */
  readonly refresh: () => Promise<Reply>;
  /** the token that the client begins with; it takes it for good */
  readonly token: string;
  /** stands between client and deployment, and may answer in its place */
  readonly layer?: (next: Transport) => Transport;
}

export interface Reference {
  readonly client: ReferenceClient;
  /** all that the client sent, in the order of the answers */
  readonly wire: readonly Sent[];
  /** what kept an answer from the client, if anything did: nothing can be said then */
  readonly lost: () => unknown;
  /** How something that the client promised has ended, in one word; `hangs` where it has not although it waits for nobody. */
  readonly ending: (promised: Promise<ResponseLike>) => Promise<string>;
}

/** Milliseconds in which a client that waits for no answer has said how a call ended, on however busy a machine. */
const idle = 10_000;

/**
 * Lockstep's own client with a wire that is written down. What it shows is what the deployment does to a client that is
 * right, and that this one is; of the application's own client it shows nothing.
 */
export async function withClient<T>(
  probe: Probe,
  { make = createAuthClient, refresh, token, layer = (next) => next }: ReferenceOptions,
  use: (reference: Reference) => Promise<T>,
): Promise<T> {
  const wire: Sent[] = [];
  let lost: unknown;
  const noting = (error: unknown): never => {
    lost ??= error;
    throw error;
  };
  // a deployment that is slow to answer is not a client that hangs
  let open = 0;
  const counted = async <R>(answer: Promise<R>): Promise<R> => {
    open += 1;
    try {
      return await answer;
    } finally {
      open -= 1;
    }
  };
  const through = layer((path, init) => transmit(probe, path, init).catch(noting));
  const client = make({
    clock: { ...platformClock, now: () => probe.now() },
    // what is waited between tries of a stream only costs time here
    random: () => 0,
    async fetch(path, init) {
      const response = await counted(through(path, init));
      const bearer = init?.headers?.authorization?.replace(/^Bearer /, '') ?? '';
      wire.push({ kind: 'call', method: init?.method ?? 'GET', status: response.status, bearer });
      return response;
    },
    async refresh() {
      const reply = await counted(refresh().catch(noting));
      wire.push({ kind: 'refresh', method: 'GET', status: reply.status, bearer: '' });
      const fresh = pointer(reply.json, '/token');
      return typeof fresh === 'string' ? { token: fresh, date: header(reply, 'date') } : { status: reply.status };
    },
  });
  client.signIn(token, { expiresAt: probe.now() + 3_600_000 });
  try {
    const ending = async (promised: Promise<ResponseLike>) => {
      const settled = promised.then(({ status }) => String(status), failureOf);
      let how: string | null = null;
      do how = await Promise.race([settled, probe.pause(idle).then(() => null)]);
      while (how === null && open > 0);
      return how ?? 'hangs';
    };
    return await use({ client, wire, lost: () => lost, ending });
  } finally {
    await client.signOut();
    client.close();
  }
}

/** A stream is read as it comes, everything else whole. A 429 is an answer: the client is the one who bears it. */
async function transmit({ api }: Probe, path: string, { method = 'GET', headers = {}, body }: Init = {}) {
  const type = headers['content-type'] ?? 'application/json';
  const options = { headers, patient: false, ...(body === undefined ? {} : { content: { type, text: body } }) };
  if (headers.accept === 'text/event-stream') {
    const opening = await api.open(method, path, undefined, options);
    return responseOf(opening.status, opening.headers, bytesOf(opening.body));
  }
  const reply = await api.send(method, path, undefined, options);
  return { ...responseOf(reply.status, reply.headers), reply };
}

/** An answer in terms of the client. */
export function responseOf(status: number, headers: Reply['headers'] = [], body?: AsyncIterable<Uint8Array>) {
  const get = (name: string) => headers.find(([key]) => key === name.toLowerCase())?.[1] ?? null;
  return { status, headers: { get }, ...(body === undefined ? {} : { body }) } satisfies ResponseLike;
}

async function* bytesOf(body: AsyncIterable<Chunk>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of body) yield bytes;
}

function failureOf(error: unknown): string {
  if (!isClientError(error)) throw error;
  return error.failure.kind;
}

export function isClientError(error: unknown): error is ClientError {
  return error instanceof Error && 'failure' in error;
}
