import { randomBytes } from 'node:crypto';
import { Unreachable } from '../../src/core/errors.js';
import type { Reply } from '../../src/core/reply.js';
import { Secret } from '../../src/core/secret.js';
import type { HttpRequest, Journal, Prompt, Question, Socket, SocketRequest, World } from '../../src/world.js';

export interface ScriptedReply {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: readonly (readonly [string, string])[];
}

export interface ScriptedSocket {
  /** HTTP status of the handshake, 101 unless given */
  readonly status?: number;
  readonly messages?: readonly string[];
  readonly close?: { readonly code: number; readonly reason?: string };
}

/** By `METHOD /path?query`; a function decides by the request and by how often the line was asked before. */
export type Script = Readonly<
  Record<string, ScriptedReply | 'no answer' | ((request: HttpRequest, times: number) => ScriptedReply)>
>;
export type SocketScript = (request: SocketRequest) => ScriptedSocket;

export interface FakeWorldOptions {
  readonly script?: Script;
  readonly socket?: SocketScript;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** the timer calls back at once instead of waiting */
  readonly hurry?: boolean;
  readonly interrupted?: AbortSignal;
  /** what stands on standard input, in one piece or in several */
  readonly input?: string | readonly string[];
  /** what a person at the terminal answers to each question, by the beginning of the question; nobody is there without */
  readonly answers?: Readonly<Record<string, string | boolean>>;
}

export interface FakeWorld extends World {
  readonly out: () => string;
  readonly err: () => string;
  /** `METHOD /path` of everything that was sent, in order */
  readonly sent: string[];
}

/** A world without an outside. A request that the script does not mention is a mistake of the test or the code. */
export function fakeWorld({
  script = {},
  socket,
  env = {},
  files = {},
  hurry = true,
  interrupted,
  input = '',
  answers,
}: FakeWorldOptions = {}): FakeWorld {
  const printed = { out: '', err: '' };
  const sent: string[] = [];
  const sink = (name: 'out' | 'err') => ({
    write: (text: string) => {
      printed[name] += text;
    },
    isTTY: false,
    columns: 80,
    rows: 24,
  });
  return {
    env,
    cwd: '/project',
    stdout: sink('out'),
    stderr: sink('err'),
    out: () => printed.out,
    err: () => printed.err,
    sent,
    stdin: {
      isTTY: answers !== undefined,
      async *chunks() {
        yield* typeof input === 'string' ? [input] : input;
      },
    },
    prompt: person(answers),
    journals: { open: async () => noJournal(), all: async () => [] },
    lastWords: () => {},
    workspace: { look: nowhere, names: nowhere, write: nowhere, unsettled: nowhere, settle: nowhere },
    files: {
      read: async (path) => files[path] ?? null,
      exists: async (path) => Object.keys(files).some((file) => file === path || file.startsWith(`${path}/`)),
      inspect: async (path) => {
        const text = files[path];
        if (text !== undefined) return { kind: 'file', bytes: Buffer.from(text), mode: 0o600, linked: false };
        return { kind: Object.keys(files).some((file) => file.startsWith(`${path}/`)) ? 'folder' : 'absent' };
      },
    },
    http: {
      async send(request) {
        const { pathname, search } = new URL(request.url);
        const line = `${request.method} ${pathname}${search}`;
        const times = sent.filter((earlier) => earlier === line).length;
        sent.push(line);
        const scripted = script[line];
        if (scripted === undefined) throw new Error(`unscripted request: ${line}`);
        if (scripted === 'no answer')
          throw new Unreachable(request.url, 'connect', 'connection refused: nothing listens there');
        return reply(request, typeof scripted === 'function' ? scripted(request, times) : scripted);
      },
      close: async () => {},
    },
    sockets: {
      async open(request) {
        sent.push(`WS ${new URL(request.url).pathname}`);
        if (socket === undefined) throw new Error(`unscripted socket: ${request.url}`);
        return opened(socket(request));
      },
    },
    now: () => Date.UTC(2026, 10, 21, 12),
    monotonic: () => performance.now(),
    timer(ms, callback) {
      // a minute stands for a deadline that must not fire; anything shorter is patience that a test need not have
      const timer = setTimeout(callback, hurry && ms < 20_000 ? 5 : ms);
      return () => clearTimeout(timer);
    },
    random: (bytes) => randomBytes(bytes),
    interrupted: interrupted ?? new AbortController().signal,
  };
}

function reply({ method, url }: HttpRequest, { status, json, text, headers = [] }: ScriptedReply): Reply {
  const body = text ?? (json === undefined ? '' : JSON.stringify(json));
  const type: [string, string][] = json === undefined ? [] : [['content-type', 'application/json']];
  return { method, url, status, headers: [...type, ...headers], text: body, json, ms: 1 };
}

function opened({ status = 101, messages = [], close }: ScriptedSocket): Socket {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  if (close !== undefined) end();
  return {
    status,
    async *messages() {
      yield* messages;
      await ended;
    },
    async closed() {
      await ended;
      return { code: close?.code ?? 1000, reason: close?.reason ?? '' };
    },
    send: () => {},
    close: async () => end(),
  };
}

/** A journal that keeps nothing: for worlds without a disk. */
export function noJournal(): Journal {
  const nothing = async () => {};
  let last = 0;
  return {
    enter: async () => ++last,
    answered: nothing,
    gone: nothing,
    remains: nothing,
    open: () => [],
    close: nothing,
  };
}

async function nowhere(): Promise<never> {
  throw new Error('the fake world has no disk: hand in a workspace');
}

function person(answers: FakeWorldOptions['answers']): Prompt {
  const answer = async <T extends string | boolean>({ question }: Question): Promise<T> => {
    const [, said] = Object.entries(answers ?? {}).find(([beginning]) => question.startsWith(beginning)) ?? [];
    if (said === undefined) throw new Error(`unscripted question: ${question}`);
    return said as T;
  };
  return {
    interactive: answers !== undefined,
    text: answer,
    hidden: async (question) => new Secret(await answer(question)),
    choice: answer,
    yes: answer,
  };
}
