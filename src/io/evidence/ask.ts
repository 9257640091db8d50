import { Unreachable } from '../../core/errors.js';
import type { Answer, ClockSeen } from '../../core/evidence/answer.js';
import { printable } from '../../core/finding.js';
import type { Reply } from '../../core/reply.js';
import { header, headers, pointer } from '../../core/reply.js';
import type { Http } from '../../world.js';
import { learnToken } from '../learn-token.js';

/** What the parts that are looked at over HTTP need of the outside. */
export interface Line {
  readonly http: Http;
  readonly signal: AbortSignal;
  /** what `Origin` says */
  readonly origin: string;
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly pause: (ms: number) => Promise<void>;
  /** tells somebody who waits why */
  readonly note: (line: string) => void;
  /** hears each token and cookie */
  readonly learn: (secret: string) => void;
}

export interface Question {
  readonly method?: 'GET' | 'POST';
  readonly cookie?: string;
  readonly bearer?: string;
  readonly body?: unknown;
  /** over a connection of its own */
  readonly fresh?: boolean;
}

export interface Asked {
  readonly answer: Answer;
  /** null: nobody answered */
  readonly reply: Reply | null;
  readonly clock: ClockSeen | null;
  /** times that a rate limit was waited for */
  readonly waited: number;
}

/** Waits at most so long for a rate limit, in seconds. */
const longestWait = 60;

/** Sends, waits once where a rate limit asks for it, and takes no answer for an answer, too: status 0. */
export async function ask(line: Line, url: string, question: Question = {}): Promise<Asked> {
  const first = await send(line, url, question);
  const wait = first.reply?.status === 429 ? waitOf(first.reply, line.now()) : null;
  if (wait === null || wait > longestWait) return first;
  line.note(`${new URL(url).origin} answered 429: waiting ${wait} s for its rate limit`);
  await line.pause(wait * 1000 + 100);
  return { ...(await send(line, url, question)), waited: 1 };
}

async function send(
  line: Line,
  url: string,
  { method = 'GET', cookie, bearer, body, fresh }: Question,
): Promise<Asked> {
  const sent = line.now();
  if (bearer !== undefined) learnToken(bearer, line.learn);
  try {
    const reply = await line.http.send({
      method,
      url,
      headers: {
        accept: 'application/json',
        origin: line.origin,
        ...(cookie === undefined ? {} : { cookie }),
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: line.signal,
      ...(fresh === true ? { fresh } : {}),
    });
    return { answer: inShort(reply), reply, clock: clockOf(reply, sent, line.now()), waited: 0 };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    const says = error.message.slice(error.url.length + 2);
    return { answer: { status: 0, body: 'none', says }, reply: null, clock: null, waited: 0 };
  }
}

function waitOf(reply: Reply, now: number): number {
  const said = header(reply, 'retry-after') ?? header(reply, 'x-retry-after') ?? '10';
  const seconds = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : 10;
}

function inShort(reply: Reply): Answer {
  const { status, text, json } = reply;
  const type = header(reply, 'content-type') ?? '';
  const body =
    json === null ? 'null' : json !== undefined ? 'json' : text === '' ? 'empty' : /html/.test(type) ? 'html' : 'text';
  const location = status >= 300 && status < 400 ? header(reply, 'location') : null;
  return { status, body, says: location === null ? saysOf(json) : printable(`a redirect to ${bare(location)}`) };
}

function bare(location: string): string {
  return location.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
}

/** The error's own words, where they are short and no data. */
function saysOf(json: unknown): string | null {
  for (const place of ['/code', '/error/code', '/error', '/detail', '/message']) {
    const said = pointer(json, place);
    if (typeof said === 'string' && said !== '' && said.length <= 120) return printable(said);
  }
  return null;
}

/** By the Date header, which has whole seconds, and the time that the exchange took. */
function clockOf(reply: Reply, sent: number, came: number): ClockSeen | null {
  const date = Date.parse(header(reply, 'date') ?? '');
  if (Number.isNaN(date)) return null;
  return { aheadMs: Math.round(date + 500 - (sent + came) / 2), withinMs: Math.ceil(500 + (came - sent) / 2) };
}

/** Names of the session cookies that an answer clears. */
export function cleared(reply: Reply | null): string[] {
  if (reply === null) return [];
  return headers(reply, 'set-cookie').flatMap((line) => {
    const [, name = '', rest = ''] = /^([^=]+)=(.*)$/s.exec(line) ?? [];
    const gone = /max-age=0\b/i.test(rest) || /^;/.test(rest);
    return gone && /session_token$/.test(name) ? [name] : [];
  });
}
