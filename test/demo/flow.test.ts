import { createParser } from 'eventsource-parser';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { ask, originOf, type SignedIn, signIn } from '../support/raw-demo.js';

describe.each(['jwks', 'shared-secret'] as const)('a demo with --trust %s', (trust) => {
  let demo: Demo;
  let a: SignedIn;
  let b: SignedIn;
  beforeAll(async () => {
    demo = await startDemo({ trust, socketAuth: 'query', faults: [] });
    [a, b] = await Promise.all([signIn(demo, 'a'), signIn(demo, 'b')]);
  });
  afterAll(() => demo?.stop());

  test('knows its users by session and by token', async () => {
    const session = await ask('GET', `${demo.auth}/get-session`, { headers: { cookie: a.cookie } });
    expect(session.json.user.email).toBe(demo.users.a.email);
    const me = await a.api('GET', '/api/me');
    expect([me.status, me.json]).toEqual([200, { id: a.userId, email: demo.users.a.email }]);
    expect((await b.api('GET', '/api/me')).json.id).toBe(b.userId);
    expect((await ask('GET', `${demo.auth}/get-session`)).text).toBe('null');
  });

  test('issues the kind of token that the trust needs', async () => {
    const answer = await ask('GET', `${demo.auth}/token`, { headers: { cookie: a.cookie } });
    const { alg } = decodeProtectedHeader(answer.json.token);
    const claims = decodeJwt(answer.json.token);
    const origin = originOf(demo);
    if (trust === 'jwks') {
      expect(alg).toBe('EdDSA');
      expect([claims.iss, claims.aud, (claims.exp ?? 0) - (claims.iat ?? 0)]).toEqual([origin, origin, 900]);
      expect((await ask('GET', `${demo.auth}/jwks`)).json.keys).toHaveLength(1);
    } else {
      expect(alg).toBe('HS256');
      expect(Object.keys(claims).sort()).toEqual(['aud', 'email', 'exp', 'iat', 'iss', 'name', 'sid', 'sub', 'type']);
      expect([claims.type, claims.sub, (claims.exp ?? 0) - (claims.iat ?? 0)]).toEqual(['access', a.userId, 900]);
      expect(Object.keys(answer.json).sort()).toEqual(['expiresAt', 'token', 'user']);
    }
    const nobody = await ask('GET', `${demo.auth}/token`);
    expect(nobody.status).toBe(401);
    if (trust === 'shared-secret') expect(nobody.json).toEqual({ error: 'Not authenticated' });
  });

  test('refuses every token that it did not issue, with a challenge', async () => {
    const token = await a.token();
    const [header = '', payload = '', signature = ''] = token.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    bytes.writeUInt8(bytes.readUInt8(10) ^ 1, 10);
    const other = Buffer.from(JSON.stringify({ ...decodeJwt(token), sub: 'nobody' })).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const bad = [
      'undefined',
      'a.b.c',
      `${header}.${payload}.`,
      `${header}.${payload}.${bytes.toString('base64url')}`,
      `${header}.${other}.${signature}`,
      `${none}.${payload}.`,
    ];
    for (const one of bad) {
      const answer = await ask('GET', `${demo.api}/api/me`, { headers: { authorization: `Bearer ${one}` } });
      expect([one, answer.status, answer.json, answer.headers.get('www-authenticate')]).toEqual([
        one,
        401,
        { error: 'invalid_token' },
        'Bearer error="invalid_token"',
      ]);
    }
    const without = await ask('GET', `${demo.api}/api/me`);
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await ask('GET', `${demo.api}/api/me`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      200,
    );
  });

  test('keeps tasks, each for its owner', async () => {
    const made = await a.api('POST', '/api/tasks', { title: 'water the plants' });
    expect([made.status, made.json.title, made.json.done]).toEqual([201, 'water the plants', false]);
    const item = `/api/tasks/${made.json.id}`;
    expect((await a.api('GET', item)).json).toEqual(made.json);
    expect((await a.api('GET', '/api/tasks?q=PLANTS')).json).toMatchObject({ tasks: [{ id: made.json.id }], total: 1 });

    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect((await b.api(method, item, method === 'PATCH' ? { done: true } : undefined)).status).toBe(404);
    expect((await b.api('GET', `/api/tasks?userId=${a.userId}`)).json).toEqual({ tasks: [], total: 0 });

    expect((await a.api('PATCH', item, { done: true })).json).toMatchObject({ done: true, title: 'water the plants' });
    expect((await a.api('DELETE', item)).status).toBe(204);
    expect((await a.api('GET', item)).status).toBe(404);
  });

  test('pages and searches by what was typed', async () => {
    for (const title of ['50% off', '500 off', 'under_score']) await a.api('POST', '/api/tasks', { title });
    const titles = async (query: string) =>
      (await a.api('GET', `/api/tasks?${query}`)).json.tasks.map((task: { title: string }) => task.title);
    expect(await titles('q=50%25')).toEqual(['50% off']);
    expect(await titles('q=r_s')).toEqual(['under_score']);
    expect(await titles('limit=1&offset=1')).toEqual(['500 off']);
    expect((await a.api('GET', '/api/tasks?limit=1')).json.total).toBe(3);
  });

  test('says what is wrong with a request', async () => {
    const status = async (method: string, path: string, body?: unknown) => (await a.api(method, path, body)).status;
    expect(await status('POST', '/api/tasks', '{"title":')).toBe(400);
    expect(await status('POST', '/api/tasks', [])).toBe(400);
    expect(await status('POST', '/api/tasks', { title: 7 })).toBe(422);
    expect(await status('POST', '/api/tasks', { title: 'x'.repeat(70_000) })).toBe(413);
    expect(await status('GET', '/api/tasks?limit=-1')).toBe(422);
    expect(await status('PUT', '/api/tasks')).toBe(405);
    expect(await status('GET', '/api/nothing')).toBe(404);
    expect(await status('GET', '/health')).toBe(200);
  });

  test('lets the page of the auth server in, and no other', async () => {
    const origin = originOf(demo);
    const preflight = (from: string) =>
      ask('OPTIONS', `${demo.api}/api/tasks`, {
        headers: {
          origin: from,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      });
    const allowed = await preflight(origin);
    expect([
      allowed.status,
      allowed.headers.get('access-control-allow-origin'),
      allowed.headers.get('access-control-allow-credentials'),
    ]).toEqual([204, origin, 'true']);
    expect(allowed.headers.get('access-control-allow-headers')).toMatch(/authorization/i);
    for (const foreign of ['https://evil.invalid', 'null', `${origin}.evil.invalid`]) {
      expect((await preflight(foreign)).headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await a.api('GET', '/api/me', undefined, { origin })).headers.get('access-control-allow-origin')).toBe(
      origin,
    );
  });

  test('streams a chat that can be cut after any event and resumed without a doubled or a lost word', async () => {
    const whole = await a.api('POST', '/api/chat', { message: 'how are you?' });
    const events = eventsOf(whole.text);
    const said = (from: typeof events) =>
      from
        .filter(({ data }) => data !== '[DONE]')
        .map(({ data }) => JSON.parse(data).delta)
        .join('');
    expect(events.at(-1)?.data).toBe('[DONE]');
    expect(events.length).toBeGreaterThan(5);
    const [messageId = ''] = events[0]?.id?.split(':') ?? [];
    const stored = await a.api('GET', `/api/chat/messages/${messageId}`);
    expect(stored.json).toMatchObject({ prompt: 'how are you?', text: said(events) });

    for (let cut = 0; cut < events.length; cut++) {
      const rest = await a.api(
        'POST',
        '/api/chat',
        { message: 'how are you?' },
        { 'last-event-id': events[cut]?.id ?? '' },
      );
      expect([...events.slice(0, cut + 1), ...eventsOf(rest.text)]).toEqual(events);
    }
    expect((await a.api('GET', '/api/chat/messages')).json.messages).toHaveLength(1);
  });

  test('resumes and shows a message to its owner only', async () => {
    const events = eventsOf((await a.api('POST', '/api/chat', { message: 'secret' })).text);
    const id = events[2]?.id ?? '';
    expect((await b.api('POST', '/api/chat', { message: 'x' }, { 'last-event-id': id })).status).toBe(404);
    expect((await b.api('GET', `/api/chat/messages/${id.split(':')[0]}`)).status).toBe(404);
    expect((await a.api('POST', '/api/chat', { message: 'x' }, { 'last-event-id': 'nonsense' })).status).toBe(404);
  });

  test('speaks ChatKit in the order of its server SDK', async () => {
    const input = (text: string) => ({
      content: [{ type: 'input_text', text }],
      attachments: [],
      quoted_text: null,
      inference_options: {},
    });
    const created = await a.api('POST', '/chatkit', { type: 'threads.create', params: { input: input('hello') } });
    expect(created.headers.get('content-type')).toBe('text/event-stream');
    expect(created.text.replaceAll(/data: .*\n\n/g, '')).toBe('');
    const events = eventsOf(created.text).map(({ data }) => JSON.parse(data));
    const kinds = events.map(({ type, update }) => update?.type ?? type);
    const deltas = kinds.filter((kind) => kind === 'assistant_message.content_part.text_delta');
    expect(kinds).toEqual([
      'thread.created',
      'thread.item.done',
      'stream_options',
      'thread.item.added',
      'assistant_message.content_part.added',
      ...deltas,
      'assistant_message.content_part.done',
      'thread.item.done',
    ]);
    expect(events[1].item).toMatchObject({ type: 'user_message', content: [{ type: 'input_text', text: 'hello' }] });
    const whole = events.at(-1).item.content[0].text;
    expect(events.map(({ update }) => update?.delta ?? '').join('')).toBe(whole);

    const threadId = events[0].thread.id;
    const added = await a.api('POST', '/chatkit', {
      type: 'threads.add_user_message',
      params: { thread_id: threadId, input: input('again') },
    });
    expect(JSON.parse(eventsOf(added.text)[0]?.data ?? '')).toMatchObject({
      type: 'thread.item.done',
      item: { type: 'user_message' },
    });
    const thread = await a.api('POST', '/chatkit', { type: 'threads.get_by_id', params: { thread_id: threadId } });
    expect(thread.json.items.data.map((item: { type: string }) => item.type)).toEqual([
      'user_message',
      'assistant_message',
      'user_message',
      'assistant_message',
    ]);
    expect(thread.json.items.data[1]).toEqual(events.at(-1).item);
    const list = await a.api('POST', '/chatkit', { type: 'threads.list', params: { limit: 20, order: 'desc' } });
    expect(list.json).toMatchObject({ data: [{ id: threadId, items: { data: [] } }], has_more: false });

    expect((await b.api('POST', '/chatkit', { type: 'threads.list', params: {} })).json.data).toEqual([]);
    expect(
      (await b.api('POST', '/chatkit', { type: 'threads.get_by_id', params: { thread_id: threadId } })).status,
    ).toBe(404);
    expect(
      (
        await b.api('POST', '/chatkit', {
          type: 'threads.add_user_message',
          params: { thread_id: threadId, input: input('mine') },
        })
      ).status,
    ).toBe(404);
    expect((await a.api('POST', '/chatkit', { type: 'threads.unheard_of', params: {} })).status).toBe(422);
    expect((await ask('POST', `${demo.api}/chatkit`, { body: { type: 'threads.list', params: {} } })).status).toBe(401);
  });

  test('lists threads page by page, each once', async () => {
    for (const text of ['one', 'two', 'three']) {
      await b.api('POST', '/chatkit', {
        type: 'threads.create',
        params: { input: { content: [{ type: 'input_text', text }] } },
      });
    }
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await b.api('POST', '/chatkit', { type: 'threads.list', params: { limit: 1, order: 'asc', after } });
      seen.push(...page.json.data.map((thread: { id: string }) => thread.id));
      after = page.json.after;
    } while (after !== undefined && seen.length < 10);
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(3);
  });
});

function eventsOf(text: string): { id: string | undefined; data: string }[] {
  const events: { id: string | undefined; data: string }[] = [];
  const parser = createParser({ onEvent: ({ id, data }) => events.push({ id, data }) });
  parser.feed(text);
  return events;
}
