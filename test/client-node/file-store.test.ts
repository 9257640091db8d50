import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthClient, type StoredCredential } from '../../src/client/index.js';
import { fileStore } from '../../src/client-node/index.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-store-'));
  path = join(folder, 'deep', 'credential.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const credential: StoredCredential = { token: 't0', expiresAt: 1_800_000_000_000, user: 'a', renewed: true };
const never = new AbortController().signal;

describe('the file store', () => {
  it('keeps a credential for its owner alone, and forgets it without a trace', () => {
    const store = fileStore(path);
    expect(store.read()).toBeNull();
    store.write(credential);
    expect(fileStore(path).read()).toEqual(credential);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    store.write(null);
    store.write(null);
    expect(store.read()).toBeNull();
    expect(readdirSync(join(folder, 'deep'))).toEqual([]);
  });

  it.each(['', '{', '{"token":1}'])('takes a file with %j for none', (text) => {
    const store = fileStore(path);
    store.write(credential);
    writeFileSync(path, text);
    expect(store.read()).toBeNull();
  });

  it('hears what another process wrote, not what it wrote itself', async () => {
    const [mine, theirs] = [fileStore(path, { interval: 5 }), fileStore(path)];
    const heard: (string | null)[] = [];
    const stop = mine.subscribe?.((stored) => heard.push(stored?.token ?? null));
    let seen = 0;
    const stopWitness = fileStore(path, { interval: 5 }).subscribe?.(() => ++seen);
    mine.write(credential);
    // hears it as another's, after the first one has looked
    while (seen === 0) await new Promise((wait) => setTimeout(wait, 5));
    theirs.write({ ...credential, token: 't1' });
    while (heard.length === 0) await new Promise((wait) => setTimeout(wait, 5));
    stop?.();
    stopWitness?.();
    expect(heard).toEqual(['t1']);
  });

  it('hears what another wrote right after it began to listen', async () => {
    for (let round = 0; round < 20; round += 1) {
      const at = join(folder, `${round}.json`);
      const heard: (string | null)[] = [];
      const stop = fileStore(at, { interval: 5 }).subscribe?.((stored) => heard.push(stored?.token ?? null));
      fileStore(at).write(credential);
      while (heard.length === 0) await new Promise((wait) => setTimeout(wait, 5));
      stop?.();
      expect(heard).toEqual(['t0']);
    }
  });

  it('lets one work at a time', async () => {
    const stores = Array.from({ length: 8 }, () => fileStore(path, { interval: 2 }));
    let inside = 0;
    const most = await Promise.all(
      stores.map((store) =>
        store.exclusively?.(never, async () => {
          const seen = ++inside;
          await new Promise((wait) => setTimeout(wait, 3));
          inside--;
          return seen;
        }),
      ),
    );
    expect(most).toEqual(Array(8).fill(1));
    expect(readdirSync(join(folder, 'deep'))).toEqual([]);
  });

  it.each([
    ['a process that is gone', '999999999 x', new Date()],
    ['a process that has not moved for long', `${process.pid} x`, new Date(Date.now() - 60_000)],
  ])('takes over the lock of %s', async (_who, mark, time) => {
    const store = fileStore(path, { interval: 2 });
    store.write(credential);
    writeFileSync(`${path}.lock`, mark);
    utimesSync(`${path}.lock`, time, time);
    expect(await store.exclusively?.(never, async () => 'done')).toBe('done');
  });

  it('waits for the lock of a living process, until it is told not to', async () => {
    const store = fileStore(path, { interval: 2 });
    store.write(credential);
    writeFileSync(`${path}.lock`, `${process.pid} x`);
    await expect(store.exclusively?.(AbortSignal.timeout(30), async () => 'done')).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe(`${process.pid} x`);
  });

  it('makes several holders of one file refresh once', async () => {
    let refreshes = 0;
    let good = 'none';
    const server = createServer((request, response) => {
      if (request.url === '/token') good = `t${++refreshes}`;
      const ok = request.url === '/token' || request.headers.authorization === `Bearer ${good}`;
      // slow enough for all of them to be refused before anybody has a new one
      setTimeout(() => {
        response.statusCode = ok ? 200 : 401;
        response.end(JSON.stringify({ token: good }));
      }, 30);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    fileStore(path).write({ ...credential, token: 'dead' });
    const clients = Array.from({ length: 6 }, () =>
      createAuthClient({
        store: fileStore(path, { interval: 5 }),
        refresh: async (signal) => (await fetch(`${base}/token`, { signal })).json() as Promise<{ token: string }>,
      }),
    );
    try {
      const answers = await Promise.all(clients.map((client) => client.fetch(`${base}/me`)));
      expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
      expect(refreshes).toBe(1);
    } finally {
      for (const client of clients) client.close();
      server.closeAllConnections();
      server.close();
    }
  });
});
