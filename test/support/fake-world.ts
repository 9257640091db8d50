import { Unreachable } from '../../src/core/errors.js';
import type { Opening, TlsTrace, TlsVersion } from '../../src/core/probe.js';
import type { Reply } from '../../src/core/reply.js';
import { Secret } from '../../src/core/secret.js';
import { fleeting } from '../../src/io/journal/fleeting.js';
import type { HttpRequest, Net, Prompt, Question, Socket, SocketRequest, World } from '../../src/world.js';
import { randomBytes } from './chance.js';

export interface ScriptedReply {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** of a body that comes in pieces: the text, and how many milliseconds after the headers; asked for by `open`. Then for how long nobody had looked */
  readonly pieces?: readonly (readonly [after: number, text: string, unseen?: number])[];
  /** the connection is lost after the last piece */
  readonly cut?: true;
  /** nothing comes after the last piece, not even the end */
  readonly hangs?: true;
  /** milliseconds of real time until it comes, many times as long as a timer that is in a hurry takes */
  readonly late?: number;
}

export interface ScriptedSocket {
  /** HTTP status of the handshake, 101 unless given */
  readonly status?: number;
  readonly protocol?: string;
  readonly messages?: readonly string[];
  readonly close?: { readonly code: number; readonly reason?: string };
  /** hears what is sent, and may say something or close */
  readonly hears?: (text: string, peer: ScriptedPeer) => void;
  /** called at once, with the server's end */
  readonly opened?: (peer: ScriptedPeer) => void;
  /** feels a ping */
  readonly pinged?: (peer: ScriptedPeer) => void;
}

/** The server's end of a scripted socket. */
export interface ScriptedPeer {
  say(text: string): void;
  close(code: number, reason?: string): void;
}

export interface ScriptedNet {
  readonly tls?: (url: string, newest: TlsVersion | null) => TlsTrace | 'no answer';
  /** what comes back for all bytes so far, null for nothing yet; 'end' when the other side goes */
  readonly wire?: (sent: Uint8Array) => Uint8Array | 'end' | null;
  /** requests that the listener will have got */
  readonly hits?: number;
}

/** By `METHOD /path?query`; a function decides by the request and by how often the line was asked before. */
export type Script = Readonly<
  Record<string, ScriptedReply | 'no answer' | ((request: HttpRequest, times: number) => ScriptedReply | 'no answer')>
>;
export type SocketScript = (request: SocketRequest) => ScriptedSocket;

export interface FakeWorldOptions {
  readonly script?: Script;
  readonly socket?: SocketScript;
  readonly net?: ScriptedNet;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** the timer calls back at once instead of waiting */
  readonly hurry?: boolean;
  /** no time goes by but what is waited for, however long the machine takes for anything */
  readonly timeless?: boolean;
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
  net = {},
  env = {},
  files = {},
  hurry = true,
  timeless = false,
  interrupted,
  input = '',
  answers,
}: FakeWorldOptions = {}): FakeWorld {
  const printed = { out: '', err: '' };
  const sent: string[] = [];
  let waited = 0;
  const answer = (request: HttpRequest): ScriptedReply => {
    const { pathname, search } = new URL(request.url);
    const line = `${request.method} ${pathname}${search}`;
    const times = sent.filter((earlier) => earlier === line).length;
    sent.push(line);
    const given = script[line];
    if (given === undefined) throw new Error(`unscripted request: ${line}`);
    const scripted = typeof given === 'function' ? given(request, times) : given;
    if (scripted === 'no answer')
      throw new Unreachable(request.url, 'connect', 'connection refused: nothing listens there');
    return scripted;
  };
  const sink = (name: 'out' | 'err') => ({
    write: (text: string) => {
      printed[name] += text;
    },
    isTTY: false,
    columns: 80,
    rows: 24,
  });
  const world: FakeWorld = {
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
    pins: [],
    prompt: person(answers),
    journals: fleeting,
    lastWords: () => {},
    inspected: false,
    outputs: { open: nowhere },
    workspace: { look: nowhere, names: nowhere, write: nowhere, unsettled: nowhere, settle: nowhere },
    files: {
      read: async (path) => files[path] ?? null,
      pieces: async (path) => {
        const text = files[path];
        return text === undefined
          ? null
          : (async function* () {
              yield text;
            })();
      },
      bytes: async (path) => {
        const text = files[path];
        return text === undefined
          ? null
          : (async function* () {
              yield Buffer.from(text);
            })();
      },
      exists: async (path) => Object.keys(files).some((file) => file === path || file.startsWith(`${path}/`)),
      inspect: async (path) => {
        const text = files[path];
        if (text !== undefined) return { kind: 'file', bytes: Buffer.from(text), mode: 0o600, linked: false };
        return { kind: Object.keys(files).some((file) => file.startsWith(`${path}/`)) ? 'folder' : 'absent' };
      },
    },
    http: {
      async send(request) {
        const scripted = answer(request);
        if (scripted.late !== undefined) await new Promise((due) => setTimeout(due, scripted.late));
        waited += scripted.late ?? 0;
        return reply(request, scripted);
      },
      open: async (request) => opening(request, answer(request), world.monotonic()),
      close: async () => {},
    },
    sockets: {
      async open(request) {
        sent.push(`WS ${new URL(request.url).pathname}`);
        if (socket === undefined) throw new Error(`unscripted socket: ${request.url}`);
        return opened(socket(request));
      },
    },
    help: () => null,
    net: scriptedNet(net),
    now: () => Date.UTC(2026, 10, 21, 12),
    monotonic: () => (timeless ? waited : performance.now()),
    timer(ms, callback) {
      // a minute stands for a deadline that must not fire; anything shorter is patience that a test need not have
      const act = () => {
        waited += ms;
        callback();
      };
      const timer = setTimeout(act, hurry && ms < 20_000 ? 5 : ms);
      return () => clearTimeout(timer);
    },
    random: (bytes) => randomBytes(bytes),
    interrupted: interrupted ?? new AbortController().signal,
    through: () => world,
  };
  return world;
}

function reply({ method, url }: HttpRequest, { status, json, text, headers = [] }: ScriptedReply): Reply {
  const body = text ?? (json === undefined ? '' : JSON.stringify(json));
  const type: [string, string][] = json === undefined ? [] : [['content-type', 'application/json']];
  return { method, url, status, headers: [...type, ...headers], text: body, json, ms: 1 };
}

function opening(request: HttpRequest, scripted: ScriptedReply, opened: number): Opening {
  const { status, headers, text } = reply(request, scripted);
  const { pieces = [[0, text]], cut, hangs } = scripted;
  return {
    url: request.url,
    status,
    headers,
    at: opened,
    body: (async function* () {
      for (const [after, piece, unseen = 0] of pieces) yield { at: opened + after, bytes: Buffer.from(piece), unseen };
      if (hangs === true) await new Promise(() => {});
      if (cut === true) throw new Unreachable(request.url, 'body', 'the connection was closed without an answer');
    })(),
    close: () => {},
  };
}

function opened({
  status = 101,
  protocol = '',
  messages = [],
  close,
  hears,
  opened: begin,
  pinged,
}: ScriptedSocket): Socket {
  const waiting = [...messages];
  let ended: { code: number; reason: string } | null = null;
  let wake = () => {};
  const peer: ScriptedPeer = {
    say: (text) => {
      waiting.push(text);
      wake();
    },
    close: (code, reason = '') => {
      ended ??= { code, reason };
      wake();
    },
  };
  if (close !== undefined) peer.close(close.code, close.reason);
  begin?.(peer);
  const change = () =>
    new Promise<void>((go) => {
      const before = wake;
      wake = () => {
        before();
        go();
      };
    });
  return {
    status,
    protocol,
    async *messages() {
      while (waiting.length > 0 || ended === null) {
        const next = waiting.shift();
        if (next === undefined) await change();
        else yield next;
      }
    },
    async closed() {
      while (ended === null) await change();
      return ended;
    },
    send: (text) => hears?.(text, peer),
    ping: () => pinged?.(peer),
    close: async () => peer.close(1000),
  };
}

function scriptedNet({ tls, wire, hits = 0 }: ScriptedNet): Net {
  return {
    async tls(url, newest) {
      if (tls === undefined) throw new Error(`unscripted TLS handshake: ${url}`);
      const trace = tls(url, newest);
      if (trace === 'no answer') throw new Unreachable(url, 'connect', 'connection refused: nothing listens there');
      return trace;
    },
    async wire(url) {
      if (wire === undefined) throw new Error(`unscripted connection: ${url}`);
      let sent: Uint8Array = new Uint8Array();
      const back = () => wire(sent);
      const bytes = () => {
        const answer = back();
        return answer === 'end' || answer === null ? new Uint8Array() : answer;
      };
      return {
        send: (more) => {
          sent = Buffer.concat([sent, more]);
        },
        received: bytes,
        until: async (enough) => (enough(bytes()) ? 'enough' : back() === 'end' ? 'ended' : 'waited'),
        close: () => {},
      };
    },
    listen: async () => ({ url: 'http://127.0.0.1:9/', hits }),
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
