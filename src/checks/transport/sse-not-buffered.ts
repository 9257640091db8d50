import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import { header } from '../../core/reply.js';
import type { Secret } from '../../core/secret.js';
import type { Stream } from '../../core/target.js';
import { filled } from '../own-object.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';

/** events that a stream must have, or nothing can be said of how they came */
const enough = 5;
/** milliseconds that a stream must take, or all of it may rightly come at once */
const telling = 1_000;
/** a stream that came in one piece is asked for again, and more often where this process was looking away */
const tries = 3;
const blindTries = 6;
/** milliseconds in which a few events may have been made one by one */
const blink = 50;
const slow = 5_000;

interface Heard {
  readonly events: number;
  /** chunks that held the end of an event */
  readonly chunks: number;
  /** milliseconds from the request to the headers, to the first event, and to the last */
  readonly headersAt: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** milliseconds before the last piece in which this process was busy otherwise */
  readonly unseen: number;
  readonly url: string;
  readonly status: number;
  readonly type: string;
  readonly coding: string | null;
  readonly length: string | null;
}

export default defineCheck({
  id: 'transport/sse-not-buffered',
  title: 'the events of a stream come as they are made, not all at its end',
  severity: 'medium',
  impact: 'writes',
  source: ['WHATWG HTML 9.2', 'ASVS 4.1.1'],
  needs: { token, route },
  problems: {
    buffered: {
      level: 'fail',
      text: '{url} sent all {events} events at once, {seconds} s after it was asked',
      hint: 'nginx: proxy_buffering off, or the header X-Accel-Buffering: no; leave text/event-stream out of compression',
    },
    'not-a-stream': {
      level: 'fail',
      text: '{url} answered {status} ({type}) instead of text/event-stream',
      hint: 'correct routes.stream in lockstep.json, or the content type',
    },
    compressed: {
      level: 'warn',
      text: '{url} compresses its stream ({coding}): each event waits until the compressor has enough',
      hint: 'leave text/event-stream out of compression',
    },
    'has-a-length': { level: 'warn', text: '{url} says how long its stream is going to be ({length} bytes)' },
    'slow-to-begin': {
      level: 'warn',
      text: '{url} sent nothing for {seconds} s',
      hint: 'send a comment as a heartbeat: an edge may cut a connection that is silent for long',
    },
  },
  async run(probe, { token, route: { path } }) {
    const { stream } = probe.target.routes;
    if (stream === null) return skip('no stream: declare routes.stream');
    let heard = await listen(probe, stream, token.jwt);
    // a stream may come in one piece because this process or the server was busy: that is no finding
    const busy = () => heard.events >= enough && (heard.chunks === 1 || silent(heard) > slow);
    for (let i = 1; i < (heard.unseen > blink ? blindTries : tries) && busy(); i += 1)
      heard = await listen(probe, stream, token.jwt);
    const { url, status, type, events, chunks, lastAt, unseen, coding, length } = heard;
    if (status < 200 || status > 299) return inconclusive(`${url} answered ${status}`);
    if (!type.startsWith('text/event-stream')) return problem('not-a-stream', { url, status, type });
    if (events < enough) return skip(`${url} sent ${events} events: that is too few to tell how they come`);
    const seconds = Math.round(lastAt / 100) / 10;
    if (chunks === 1) {
      if (lastAt < telling + (await usual(probe, path)))
        return skip(`${url} is over in ${Math.round(lastAt)} ms: that is too quick to tell`);
      if (unseen > blink)
        return skip(
          `this machine is too busy: nobody looked in the last ${Math.round(unseen)} ms before ${url} was over`,
        );
      return problem('buffered', { url, events, seconds });
    }
    const remarks = [
      ...(coding === null ? [] : [{ code: 'compressed' as const, data: { url, coding } }]),
      ...(length === null ? [] : [{ code: 'has-a-length' as const, data: { url, length } }]),
      ...(silent(heard) > slow && silent(heard) > slow + (await usual(probe, path))
        ? [{ code: 'slow-to-begin' as const, data: { url, seconds: Math.round(silent(heard) / 1000) } }]
        : []),
    ];
    return remarks.length > 0 ? warn(undefined, ...remarks) : pass();
  },
});

/** Milliseconds until something came. */
function silent({ headersAt, firstAt }: Heard): number {
  return Math.max(headersAt, firstAt);
}

/** Milliseconds that the deployment takes for anything at this moment: a stream cannot begin sooner. */
async function usual({ api, monotonic }: Probe, path: string): Promise<number> {
  const began = monotonic();
  await api.get(path);
  return monotonic() - began;
}

/** One stream to its end, as a browser asks for it: with gzip allowed. */
async function listen({ api, canary, monotonic }: Probe, stream: Stream, bearer: Secret): Promise<Heard> {
  const began = monotonic();
  const opened = await api.open('POST', stream.post, filled(stream.body, canary()), {
    bearer,
    headers: { accept: 'text/event-stream', 'accept-encoding': 'gzip' },
  });
  const coding = header(opened, 'content-encoding');
  let events = 0;
  let chunks = 0;
  const times: number[] = [];
  let last = 0;
  let tail = '';
  for await (const { at, bytes, unseen } of opened.body) {
    const text = tail + Buffer.from(bytes).toString('latin1').replaceAll('\r', '');
    // what is compressed shows no events: each chunk stands for some, but not the ten bytes of a gzip header
    const ended = coding === null ? text.split('\n\n').length - 1 : Number(bytes.length > 10);
    tail = text.endsWith('\n') && !text.endsWith('\n\n') ? '\n' : '';
    if (ended === 0) continue;
    events += ended;
    chunks += 1;
    times.push(at - began);
    last = unseen;
  }
  return {
    events: coding === null ? events : Math.max(events, enough),
    chunks,
    headersAt: opened.at - began,
    firstAt: times[0] ?? 0,
    lastAt: times.at(-1) ?? 0,
    unseen: last,
    url: opened.url,
    status: opened.status,
    type: header(opened, 'content-type') ?? 'no body',
    coding,
    length: header(opened, 'content-length'),
  };
}
