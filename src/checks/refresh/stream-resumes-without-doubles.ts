import type { Ending, StreamEvent } from '../../client/index.js';
import { eventDecoder } from '../../client/index.js';
import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import type { Opening } from '../../core/probe.js';
import type { Stream } from '../../core/target.js';
import { withFlippedSignature } from '../../token/forge.js';
import type { Connection, Cut } from '../cuts.js';
import { cutting } from '../cuts.js';
import { question } from '../question.js';
import type { MakeClient } from '../reference-client.js';
import { isClientError, withClient } from '../reference-client.js';
import session from '../session/login.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';

const cuts: readonly Cut[] = [
  'after an event',
  '401',
  'inside an event',
  'after the id of an event',
  'inside a character',
];
/** Milliseconds for all connections of the stream that is cut; a model that thinks long gets fewer cuts. */
const budget = 45_000;

/**
 * One message, whose stream is cut again and again under lockstep's own client, and once refused. Judged by what the
 * server sent on each connection, and by the message that it has stored: a model never says the same twice.
 */
export const streamResumes = (make?: MakeClient) =>
  defineCheck({
    id: 'refresh/stream-resumes-without-doubles',
    title:
      "a stream that is cut goes on where it was cut, with one message and no event twice, under lockstep's own client",
    severity: 'critical',
    impact: 'writes',
    core: true,
    judges: 'both',
    source: ['WHATWG HTML 9.2.5', 'WHATWG HTML 9.2.6', 'ASVS 2.3.3'],
    needs: { session, token, route },
    problems: {
      'no-ids': {
        level: 'warn',
        text: '{url} gives its events no ids: where the connection is lost, so is the answer',
        hint: 'send an id with each event and go on after Last-Event-ID; until then clients must show the stored message instead',
      },
      'not-resumed': {
        level: 'fail',
        text: '{url} gives ids, and ended with {how} where a client went on after one of them',
        hint: 'a resume comes as the same request with Last-Event-ID: answer it with the events after that one',
      },
      replayed: {
        level: 'fail',
        text: '{url} sent event {id} again to a client that had it',
        hint: 'go on after Last-Event-ID, not with it: most clients show such a piece of text twice',
      },
      'not-stored-once': {
        level: 'fail',
        text: '{messages} lists {seen} entries for one question that was resumed, and {usual} for one that was not',
        hint: 'the resume stored the question or its answer a second time: a request with Last-Event-ID asks for the rest of an answer, and is no new question to the model',
      },
      'text-differs': {
        level: 'fail',
        text: 'over {connections} connections of {url} came another text than the one that {messages} keeps',
        hint: 'see which event follows Last-Event-ID: one is left out, or the resume began a second answer',
      },
    },
    async run(probe, { session, token }) {
      const { api, auth, target } = probe;
      const { stream } = target.routes;
      if (stream === null) return skip('no stream: declare routes.stream');
      const url = `${api.base}${stream.post}`;
      const first = await question(probe, stream, token.jwt, null);
      const opened = await first.open();
      const type = opened.headers.find(([name]) => name === 'content-type')?.[1] ?? 'no content type';
      if (opened.status !== 200 || !type.startsWith('text/event-stream')) {
        opened.close();
        return inconclusive(`${url} answered ${opened.status} (${type}) to a good token`);
      }
      const began = probe.monotonic();
      const whole = await read(opened, endingOf(stream));
      const lasted = probe.monotonic() - began;
      if (!whole.ended)
        return inconclusive(`${url} ended without ${stream.done ?? 'an end marker'}: declare routes.stream.done`);
      const ids = whole.events.flatMap(({ id }) => (id === undefined ? [] : [id]));
      // an id that all events share is that of the message
      if (ids.length === 0 || (ids.length > 1 && new Set(ids).size === 1))
        return warn(undefined, { code: 'no-ids' as const, data: { url } });
      if (ids.length < 3) return skip(`an answer of ${url} is too short to be cut`);
      const kept = await first.stored(whole.events);

      const second = await question(probe, stream, token.jwt, kept?.key ?? null);
      const possible = cuts.slice(0, Math.max(2, Math.min(cuts.length, Math.floor(budget / Math.max(1, lasted)))));
      const seen: Connection[] = [];
      const events: StreamEvent[] = [];
      const refresh = () => auth.get(target.tokenRoute.value, { jar: session.jar });
      const good = token.jwt.reveal();
      const by = withFlippedSignature(good);
      const layer = cutting(possible, seen, { by, good });
      const failed = await withClient(probe, { make, refresh, token: by, layer }, async ({ client, lost }) => {
        const init = {
          method: 'POST',
          headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
          body: JSON.stringify(second.body),
        };
        try {
          for await (const part of client.stream(stream.post, init, { ending: () => endingOf(stream) }))
            if (part.kind === 'event') events.push(part);
          return null;
        } catch (error) {
          if (!isClientError(error)) throw lost() ?? error;
          return error.failure.kind;
        }
      });
      const refused = seen.find(({ status }) => status !== 200);
      if (refused !== undefined) return problem('not-resumed', { url, how: `status ${refused.status}` });
      const again = replayed(seen);
      const answer = kept === null ? null : await second.stored(events);
      // an answer that was begun anew tells more than that its ids are others
      if (kept !== null && answer !== null && kept.entries > 0 && answer.entries !== kept.entries) {
        const data = { messages: `${api.base}${stream.messages}`, seen: answer.entries, usual: kept.entries };
        return problem('not-stored-once', data);
      }
      if (again !== null) return problem('replayed', { url, id: again });
      if (failed?.startsWith('refresh-') === true || failed === 'session-dead')
        return inconclusive(`${auth.base}${target.tokenRoute.value} gave no new token on the way: ${failed}`);
      if (failed !== null) return problem('not-resumed', { url, how: failed });
      if (stream.messages === null)
        return skip('what is lost shows only beside the stored message: declare routes.stream.messages');
      const messages = `${api.base}${stream.messages}`;
      if (kept === null || kept.key === null)
        return skip(`no part of the events of ${url} is, joined, a text that ${messages} lists`);
      return answer?.key === kept.key ? pass() : problem('text-differs', { url, messages, connections: seen.length });
    },
  });

export default streamResumes();

/** The id of the first event that a connection brought although an earlier one had brought it. */
function replayed(seen: readonly Connection[]): string | null {
  const known = new Set<string>();
  for (const { events } of seen) {
    const own = events.flatMap(({ id }) => (id === undefined ? [] : [id]));
    const again = own.find((id) => known.has(id));
    if (again !== undefined) return again;
    for (const id of own) known.add(id);
  }
  return null;
}

/** The declared end, or the markers in common use; that the server closes is none. */
function endingOf({ done }: Stream): Ending {
  return ({ name, data }) => {
    if (done !== null) return data === done || name === done ? 'end' : 'open';
    return name === 'done' || data === '[DONE]' || /^\{\s*"type"\s*:\s*"finish"/.test(data) ? 'end' : 'open';
  };
}

/** More than one answer has. */
const mostEvents = 10_000;

async function read(opened: Opening, ending: Ending) {
  const decoder = eventDecoder();
  const events: StreamEvent[] = [];
  try {
    for await (const { bytes } of opened.body) {
      for (const event of decoder.feed(bytes)) {
        if (ending(event) === 'end') return { events, ended: true };
        events.push(event);
        if (events.length === mostEvents) return { events, ended: false };
      }
    }
  } catch (error) {
    // an event that does not end
    if (!isClientError(error)) throw error;
  } finally {
    opened.close();
  }
  return { events, ended: false };
}
