import { describe, expect, it } from 'vitest';
import { Unreachable } from '../../src/core/errors.js';
import { createPresence } from '../../src/io/presence.js';
import type { HttpRequest } from '../../src/world.js';
import { target } from '../support/deployment.js';
import type { Script, ScriptedReply, ScriptedSocket } from '../support/fake-world.js';
import { fakeWorld } from '../support/fake-world.js';

const here = target({ auth: 'http://auth.test/api/auth', api: 'http://api.test' });
const socketUrl = here.routes.socket.value.url;
const me = here.routes.me.value.get;
const { signal } = new AbortController();

type Line = ScriptedReply | 'no answer';
/** Answers the first line of its kind with the first of these, the next with the next, and then the last for ever. */
const inTurn =
  (...lines: Line[]) =>
  (_: HttpRequest, times: number) =>
    lines[Math.min(times, lines.length - 1)] as Line;

function deployment(script: Script, socket: () => ScriptedSocket = () => ({})) {
  const world = fakeWorld({ script, socket });
  const presence = createPresence(here, world, { turn: async () => {} });
  const lost: string[] = [];
  const watched = presence.watched(world, (url) => void lost.push(url));
  const get = (url: string, headers = {}) =>
    watched.http.send({ method: 'GET', url, headers }).then(
      ({ status }) => status,
      () => null,
    );
  const gone = (urls = lost, good = false) => presence.gone(urls, good, signal);
  return { world, watched, lost, get, gone };
}

const url = { auth: `${here.auth}/get-session`, me: `${here.api}${me}` };
const bearer = { authorization: 'Bearer good' };

describe('what is lost', () => {
  it('is not who has a certificate that is not trusted: somebody is there', async () => {
    const lost: string[] = [];
    const world = fakeWorld();
    const refusing = {
      ...world,
      http: { ...world.http, send: () => Promise.reject(new Unreachable(url.me, 'tls', '')) },
    };
    const { http } = createPresence(here, world, { turn: async () => {} }).watched(
      refusing,
      (at) => void lost.push(at),
    );
    await expect(http.send({ method: 'GET', url: url.me, headers: {} })).rejects.toMatchObject({ step: 'tls' });
    expect(lost).toEqual([]);
  });

  it('is what nobody answers, and what a server in trouble does', async () => {
    const { get, lost } = deployment({
      'GET /a': 'no answer',
      'GET /b': { status: 502 },
      'GET /c': { status: 401 },
      'GET /d': { status: 500 },
    });
    for (const path of ['a', 'b', 'c', 'd']) await get(`${here.api}/${path}`);
    expect(lost).toEqual(['a', 'b', 'd'].map((path) => `${here.api}/${path}`));
  });

  it('is a stream that breaks off, and not one that ends', async () => {
    const { watched, lost } = deployment({
      'GET /cut': { status: 200, pieces: [[0, 'x']], cut: true },
      'GET /whole': { status: 200, pieces: [[0, 'x']] },
    });
    for (const path of ['cut', 'whole']) {
      const { body } = await watched.http.open({ method: 'GET', url: `${here.api}/${path}`, headers: {} });
      await (async () => {
        for await (const _ of body);
      })().catch(() => {});
    }
    expect(lost).toEqual([`${here.api}/cut`]);
  });

  it('is a socket that is cut or whose server goes, and not one that refuses or that is left', async () => {
    for (const [code, is] of [
      [1006, true],
      [1001, true],
      [4401, false],
      [1000, false],
    ] as const) {
      const { watched, lost } = deployment({}, () => ({ close: { code } }));
      const socket = await watched.sockets.open({ url: socketUrl, protocols: [], headers: {} });
      await socket.closed();
      expect(lost, String(code)).toEqual(is ? [socketUrl] : []);
    }
  });
});

describe('a deployment of which something was lost', () => {
  it.each([
    ['that nobody answers', 'no answer', true],
    ['that an edge answers for', { status: 503 }, true],
    ['that crashes', { status: 500 }, true],
    ['that refuses what it took', { status: 401 }, false],
    ['that is well', { status: 200 }, false],
  ] as const)('is asked what it gave before: one %s', async (_, then, isGone) => {
    const { get, gone, world } = deployment({ [`GET ${me}`]: inTurn({ status: 200 }, then) });
    await get(url.me, bearer);
    expect(await gone([`${here.api}/api/tasks/7`])).toEqual(isGone ? expect.stringContaining(url.me) : null);
    expect(world.sent).toEqual([`GET ${me}`, `GET ${me}`]);
  });

  it('is asked as anybody where it gave nothing: one that crashes is there to be found broken, and not to be found good', async () => {
    const { gone } = deployment({ [`GET ${me}`]: { status: 500 }, 'GET /api/auth/get-session': { status: 502 } });
    expect(await gone([url.me], false)).toBeNull();
    expect(await gone([url.me], true)).toContain('500');
    expect(await gone([url.auth], false)).toContain('502');
  });

  it('is gone where one of its parts is, and each is asked once', async () => {
    const { gone, world } = deployment({ [`GET ${me}`]: { status: 401 }, 'GET /api/auth/get-session': 'no answer' });
    expect(await gone([url.me, `${here.api}/x`, url.auth])).toContain(here.auth);
    expect(world.sent.toSorted()).toEqual(['GET /api/auth/get-session', `GET ${me}`]);
  });

  it('takes no answer to nobody, and none that was refused, for what it gives', async () => {
    const { get, gone, world } = deployment({ [`GET ${me}`]: { status: 401 }, 'GET /health': { status: 200 } });
    await get(`${here.api}/health`);
    await get(url.me, bearer);
    expect(await gone([url.me])).toBeNull();
    expect(world.sent.at(-1)).toBe(`GET ${me}`);
  });

  it('need not be there where it has never been: another port, another host', async () => {
    const { gone, world } = deployment({});
    expect(await gone(['http://auth.test:8080/', 'http://elsewhere.test/x'])).toBeNull();
    expect(world.sent).toEqual([]);
  });

  it.each([
    ['opens', {}, null],
    ['closes at once as a server that goes', { close: { code: 1012 } }, '1012'],
    ['answers as an edge', { status: 502 }, '502'],
    ['refuses', { status: 401 }, null],
  ] as const)('is asked over its socket for that: one that %s', async (_, then, said) => {
    const { gone } = deployment({}, () => then);
    expect(await gone([socketUrl])).toEqual(said === null ? null : expect.stringContaining(said));
  });
});
