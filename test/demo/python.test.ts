import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { findPython } from '../../src/demo/python/interpreter.js';
import { ask, hear, introduce, type SignedIn, signIn } from '../support/raw-demo.js';

const python = await findPython().catch(() => null);
const why = python === null ? ' (no python3 here has Starlette, uvicorn, PyJWT and psycopg2)' : '';

describe.skipIf(python === null)(`the API in Python${why}`, () => {
  let demo: Demo;
  let a: SignedIn;
  let b: SignedIn;
  beforeAll(async () => {
    demo = await startDemo({ trust: 'shared-secret', socketAuth: 'query', backend: 'python', faults: [] });
    [a, b] = await Promise.all([signIn(demo, 'a'), signIn(demo, 'b')]);
  });
  afterAll(() => demo?.stop());

  const forged = async (claims: object) => {
    const { origin } = new URL(demo.auth);
    const env = readFileSync(join(demo.folder, 'backend', '.env'), 'utf8');
    const secret = new TextEncoder().encode(/^BETTER_AUTH_SECRET=(.*)$/m.exec(env)?.[1]);
    const token = await new SignJWT({ sub: a.userId, iss: origin, aud: origin, ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(secret);
    return (await ask('GET', `${demo.api}/api/me`, { headers: { authorization: `Bearer ${token}` } })).status;
  };
  const now = () => Math.floor(Date.now() / 1000);

  test('knows who calls, and tells the others how to (RFC 6750)', async () => {
    expect((await a.api('GET', '/api/me')).json).toEqual({ id: a.userId, email: demo.users.a.email });
    const none = await ask('GET', `${demo.api}/api/me`);
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const bad = await ask('GET', `${demo.api}/api/me`, { headers: { authorization: 'Bearer x.y.z' } });
    expect([bad.status, bad.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
  });

  test('has the habits of PyJWT: a future iat is refused, exp may be a text, but none may lack or be over', async () => {
    const later = now() + 600;
    expect(await forged({ exp: later })).toBe(200);
    expect(await forged({ exp: later, iat: now() + 120 })).toBe(401);
    expect(await forged({ exp: String(later) })).toBe(200);
    expect([await forged({}), await forged({ exp: now() - 5 })]).toEqual([401, 401]);
  });

  test('keeps tasks and their notes to their owner', async () => {
    const made = await a.api('POST', '/api/tasks', { title: 'of a 100%' });
    const path = `/api/tasks/${made.json.id}`;
    expect([made.status, made.json.title, made.json.done]).toEqual([201, 'of a 100%', false]);
    expect((await a.api('PATCH', path, { done: true })).json).toMatchObject({ title: 'of a 100%', done: true });
    expect((await a.api('POST', `${path}/notes`, { title: 'under it' })).status).toBe(201);
    expect((await a.api('GET', `${path}/notes`)).json.notes).toHaveLength(1);
    expect((await a.api('GET', '/api/tasks?q=100%25')).json).toMatchObject({ total: 1, tasks: [{ id: made.json.id }] });
    const refusals = [
      b.api('GET', path),
      b.api('PATCH', path, { title: 'of b' }),
      b.api('DELETE', path),
      b.api('GET', `${path}/notes`),
      b.api('GET', `/api/users/${a.userId}/tasks`),
    ];
    expect((await Promise.all(refusals)).map(({ status }) => status)).toEqual(Array(5).fill(404));
    expect((await b.api('GET', '/api/tasks')).json).toEqual({ tasks: [], total: 0 });
    expect((await a.api('GET', path)).json.title).toBe('of a 100%');
    expect((await a.api('DELETE', path)).status).toBe(204);
    expect([
      (await a.api('POST', '/api/tasks', { title: ' ' })).status,
      (await a.api('POST', '/api/tasks', '[1')).status,
      (await a.api('POST', '/api/tasks', { title: 'x'.repeat(70_000) })).status,
    ]).toEqual([422, 400, 413]);
  });

  test('answers as a stream that can be resumed, in the words of the other API', async () => {
    const whole = await a.api('POST', '/api/chat', { message: 'hello' });
    const ids = [...whole.text.matchAll(/^id: (.*)$/gm)].map((match) => match[1] ?? '');
    const said = (text: string) =>
      [...text.matchAll(/^data: (\{.*)$/gm)].map((match) => JSON.parse(match[1] ?? '').delta).join('');
    const stored = await a.api('GET', `/api/chat/messages/${ids[0]?.split(':')[0]}`);
    expect(said(whole.text)).toBe(stored.json.text);
    expect(whole.text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    const rest = await a.api('POST', '/api/chat', {}, { 'last-event-id': ids[3] ?? '' });
    expect(stored.json.text.endsWith(said(rest.text))).toBe(true);
    expect(rest.text.startsWith(`id: ${ids[4]}`)).toBe(true);
    expect((await b.api('POST', '/api/chat', {}, { 'last-event-id': ids[3] ?? '' })).status).toBe(404);
    expect((await a.api('GET', '/api/chat/messages')).json.messages).toHaveLength(1);
  });

  test('speaks ChatKit', async () => {
    const input = { content: [{ type: 'input_text', text: 'hello' }], attachments: [], inference_options: {} };
    const made = await a.api('POST', '/chatkit', { type: 'threads.create', params: { input } });
    const types = [...made.text.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1] ?? '').type);
    expect(types.slice(0, 4)).toEqual(['thread.created', 'thread.item.done', 'stream_options', 'thread.item.added']);
    expect(types.at(-1)).toBe('thread.item.done');
    const list = (await a.api('POST', '/chatkit', { type: 'threads.list', params: {} })).json;
    expect([list.data.length, list.has_more]).toEqual([1, false]);
    const params = { thread_id: list.data[0].id };
    const ask = { type: 'threads.get_by_id', params };
    expect((await a.api('POST', '/chatkit', ask)).json.items.data).toHaveLength(2);
    expect((await b.api('POST', '/chatkit', ask)).status).toBe(404);
  });

  test('refuses a handshake with 403: without a good token, from elsewhere, and on a path that is none', async () => {
    const good = introduce(demo, 'query', await a.token());
    expect((await hear({ ...good, until: 'ready' })).messages[0]).toContain('ready');
    expect((await hear(introduce(demo, 'query', 'undefined'))).status).toBe(403);
    expect((await hear({ ...good, headers: { origin: 'https://elsewhere.invalid' } })).status).toBe(403);
    expect((await hear({ ...good, url: good.url.replace('/api/ws', '/api/socket') })).status).toBe(403);
  });

  test('has rooms for those who are let in', async () => {
    const join = JSON.stringify({ type: 'join', room: 'r' });
    const say = JSON.stringify({ type: 'say', room: 'r', text: 'hi' });
    const said = await hear({ ...introduce(demo, 'query', await a.token()), say: [join, say], until: '"hi"' });
    expect(said.messages.map((text) => JSON.parse(text).type)).toEqual(['ready', 'joined', 'message']);
  });

  test('ends with the demo', async () => {
    const second = await startDemo({ trust: 'jwks', socketAuth: 'message', backend: 'python', faults: [] });
    const one = await signIn(second, 'a');
    expect((await one.api('GET', '/api/me')).status).toBe(200);
    const good = introduce(second, 'message', await one.token());
    expect((await hear({ ...good, until: 'ready' })).messages[0]).toContain('ready');
    expect((await hear(introduce(second, 'message', 'rubbish'))).closed?.code).toBe(4401);
    await second.stop();
    await expect(ask('GET', `${second.api}/health`)).rejects.toThrow();
  });

  test('has none of the faults of the other API', async () => {
    const asked = startDemo({ trust: 'jwks', socketAuth: 'query', backend: 'python', faults: ['F149'] });
    await expect(asked).rejects.toThrow(/F149 is one of the API in Node/);
  });
});

test('a demo in Python where there is no Python for it says so', async () => {
  const { LOCKSTEP_PYTHON, PATH } = process.env;
  try {
    process.env.PATH = '/nowhere';
    const found = await findPython().catch((error: Error) => error.message);
    // Debian's is asked by its whole name
    expect(found).toMatch(/^\/usr\/bin\/python3$|no python3 here can import starlette/);
  } finally {
    process.env.PATH = PATH;
    if (LOCKSTEP_PYTHON !== undefined) process.env.LOCKSTEP_PYTHON = LOCKSTEP_PYTHON;
  }
});
