import type { ChatKitEvent } from '../../client/index.js';
import { ChatKitTexts, chatKitEvent, chatKitRequest, chatKitStream } from '../../client/index.js';
import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import { pointer } from '../../core/reply.js';
import { isClientError, withClient } from '../reference-client.js';
import session from '../session/login.js';
import route from './accepted-by-api.js';
import token from './fetch.js';

/** What says that an error is about the credential: "Authentication Token Missing" is the one that people meet. */
const aboutAuth = /auth|token|credential|sign.?in|log.?in/i;

export default defineCheck({
  id: 'token/accepted-by-chatkit',
  title: 'the ChatKit route takes the token and answers a message with a whole stream',
  severity: 'high',
  impact: 'writes',
  source: ['openai/chatkit-python chatkit/types.py', 'RFC 6750 2.1'],
  needs: { session, token, route },
  problems: {
    refused: {
      level: 'fail',
      text: '{url} answered {status} to a message with a fresh token: {said}',
      hint: '"Authentication Token Missing" comes of a fetch without Authorization, or of a route that reads another header than the API does',
    },
    'refused-inside': {
      level: 'fail',
      text: '{url} opened its stream to a fresh token and ended it with an error: {said}',
      hint: 'what ChatKit calls behind the route (an agent, an MCP server) is not given the token',
    },
    'open-to-all': { level: 'fail', text: '{url} answers {status} to a message without any token' },
    'no-stream': {
      level: 'fail',
      text: '{url} answered {status} ({type}) instead of the events of ChatKit',
      hint: 'correct routes.chatkit in lockstep.json',
    },
    unfinished: { level: 'fail', text: '{url} ended its stream before the answer was whole ({how})' },
    failed: {
      level: 'warn',
      text: '{url} took the token and ended with an error: {said}',
      hint: 'most likely the model cannot be reached: see the key of its provider in the log of the API',
    },
  },
  async run(probe, { session, token }) {
    const { api, auth, target } = probe;
    const { chatkit } = target.routes;
    if (chatkit === null) return skip('no ChatKit route: declare routes.chatkit');
    const url = `${api.base}${chatkit}`;
    const list = { type: 'threads.list', params: { limit: 1 } };
    const anonymous = await api.post(chatkit, list);
    const refresh = () => auth.get(target.tokenRoute.value, { jar: session.jar });
    const wire = { status: 0, type: 'no content type', text: '' };
    const events: ChatKitEvent[] = [];
    const layer = (next: Parameters<NonNullable<Parameters<typeof withClient>[1]['layer']>>[0]) =>
      (async (path, init) => {
        const response = await next(path, init);
        wire.status = response.status;
        wire.type = response.headers.get('content-type') ?? wire.type;
        if (response.status !== 200) wire.text = await beginning(response.body);
        return response;
      }) satisfies typeof next;
    const how = await withClient(probe, { refresh, token: token.jwt.reveal(), layer }, async ({ client, lost }) => {
      const init = {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify(chatKitRequest.create({ text: probe.canary() })),
      };
      try {
        for await (const part of client.stream(chatkit, init, chatKitStream)) {
          const event = part.kind === 'event' ? chatKitEvent(part) : null;
          if (event !== null) events.push(event);
        }
        return 'complete';
      } catch (error) {
        const without = lost();
        if (without !== undefined || !isClientError(error)) throw without ?? error;
        return error.failure.kind;
      }
    });
    const thread = events.map((event) => pointer(event, '/thread/id')).find((id) => typeof id === 'string');
    // a server that knows no such request keeps the thread: the protocol has no other way
    if (thread !== undefined)
      await api.post(chatkit, { type: 'threads.delete', params: { thread_id: thread } }, { bearer: token.jwt });
    // a deployment that went away in the middle does not cut its streams
    else if (how !== 'complete') await api.post(chatkit, list, { bearer: token.jwt });
    const { status, type } = wire;
    if (status === 401 || status === 403) return problem('refused', { url, status, said: wire.text || 'nothing' });
    if (status === 429 || status >= 500) return inconclusive(`${url} answered ${status} to a message`);
    if (status !== 200 || !type.startsWith('text/event-stream'))
      return problem('no-stream', { url, status, type: status === 200 ? type : wire.text.slice(0, 80) || type });
    const error = events.find((event) => event.type === 'error');
    if (error !== undefined) {
      const said = String(error.message ?? error.code ?? 'nothing').slice(0, 120);
      return aboutAuth.test(said)
        ? problem('refused-inside', { url, said })
        : warn(undefined, { code: 'failed' as const, data: { url, said } });
    }
    const texts = new ChatKitTexts();
    for (const event of events) texts.apply(event);
    const answered = texts.ids().some((id) => (texts.text(id) ?? '') !== '');
    if (how !== 'complete' || !answered) return problem('unfinished', { url, how: answered ? how : 'no answer in it' });
    if (anonymous.status < 300 && Array.isArray(pointer(anonymous.json, '/data')))
      return problem('open-to-all', { url, status: anonymous.status });
    return pass();
  },
});

/** The first of a body that says why. */
async function beginning(body: unknown): Promise<string> {
  let text = '';
  for await (const bytes of (body ?? []) as AsyncIterable<Uint8Array>) {
    text += Buffer.from(bytes).toString();
    if (text.length > 200) break;
  }
  return text.slice(0, 200);
}
