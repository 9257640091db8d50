import { Unreachable } from '../core/errors.js';
import type { Caller, CallOptions } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import { headers } from '../core/reply.js';
import { plain } from '../core/secret.js';
import type { Http, HttpRequest } from '../world.js';
import type { Home } from './home.js';
import { learnToken } from './learn-token.js';
import type { Note } from './note.js';
import { noted } from './note.js';
import type { Pace } from './pace.js';

export interface Exchange {
  readonly http: Http;
  readonly signal: AbortSignal;
  readonly origin: string;
  readonly pace: Pace;
  readonly home: Home;
  /** what says who asks */
  readonly agent: string;
  /** hears each bearer token that is sent */
  readonly learn: (secret: string) => void;
  readonly note: Note;
  /** hears of each request that is on its way, or has come to nothing */
  readonly sent: () => void;
}

/** Speaks for one side of a deployment: `Origin` as a browser sends it, cookies by the jar, patience with a rate limit. */
export function createCaller(
  base: string,
  { http, signal, origin, pace, home, agent, learn, note, sent }: Exchange,
): Caller {
  const compose = async (method: string, path: string, body: unknown, options: CallOptions): Promise<HttpRequest> => {
    const url = `${base}${path}`;
    if (options.bearer !== undefined) learnToken(plain(options.bearer), learn);
    const cookies = await options.jar?.cookieHeader(url);
    // also where a path has made another host of the base's
    if (options.bearer !== undefined || cookies) home.admit(url);
    const says = options.origin === undefined ? origin : options.origin;
    const content =
      options.content ?? (body === undefined ? null : { type: 'application/json', text: JSON.stringify(body) });
    return {
      method,
      url,
      headers: {
        accept: 'application/json',
        'user-agent': agent,
        ...(says === null ? {} : { origin: says }),
        ...(cookies ? { cookie: cookies } : {}),
        ...(options.bearer === undefined ? {} : { authorization: `Bearer ${plain(options.bearer)}` }),
        ...(content === null ? {} : { 'content-type': content.type }),
        ...options.headers,
      },
      ...(options.also === undefined ? {} : { also: options.also }),
      ...(content === null ? {} : { body: content.text }),
      ...(options.fresh === true ? { fresh: true } : {}),
      sent() {
        void options.jar?.prepare?.(url);
        sent();
      },
      ...(options.toTheEnd === true ? {} : { signal }),
    };
  };
  const ask = async (method: string, path: string, body: unknown, options: CallOptions): Promise<Reply> => {
    const request = await compose(method, path, body, options);
    const go = async () => {
      // what goes on to its end must not begin after it
      if (signal.aborted) throw new Unreachable(request.url, 'connect', 'ended before it was sent');
      return http.send(request);
    };
    const reply = await pace.patiently(request, go, signal, options.patient !== false);
    note(noted(request, reply.status, reply.ms));
    // the jwt plugin sends one beside a session that was only looked at
    for (const jwt of headers(reply, 'set-auth-jwt')) learnToken(jwt, learn);
    await options.jar?.store(request.url, headers(reply, 'set-cookie'));
    return reply;
  };
  // who waits for a request to be on its way waits for none that came to nothing
  const send = (method: string, path: string, body: unknown, options: CallOptions = {}) =>
    ask(method, path, body, options).finally(sent);
  return {
    base,
    get: (path, options) => send('GET', path, undefined, options),
    post: (path, body, options) => send('POST', path, body, options),
    send,
    async open(method, path, body, options = {}) {
      const request = await compose(method, path, body, options);
      await pace.turn(request, signal);
      const opening = await http.open(request);
      note(noted(request, opening.status, 0));
      return opening;
    },
  };
}
