import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { booted } from '../../src/io/boot.js';
import { realWorld } from '../../src/io/world.js';
import { main } from '../../src/main.js';
import type { Http } from '../../src/world.js';
import { fakeWorld } from '../support/fake-world.js';

const url = 'http://localhost:3000/api/auth/ok';
const line = 'GET /api/auth/ok';

describe('a deployment that is still booting', () => {
  it('is waited for while its proxy answers for it; any answer of its own will do', async () => {
    const statuses = [502, 503, 504, 404];
    const world = fakeWorld({ script: { [line]: (_, times) => ({ status: statuses[times] as number }) } });
    expect(await booted([url], 60_000, world)).toEqual([]);
    expect(world.sent).toEqual([line, line, line, line]);
  });

  it('is given up after the time, by name', async () => {
    let now = 0;
    const world = fakeWorld({ script: { [line]: 'no answer' } });
    const monotonic = () => {
      now += 400;
      return now;
    };
    expect(await booted([url], 3_000, { ...world, monotonic })).toEqual([url]);
    expect(world.sent.length).toBeGreaterThan(1);
  });

  it('is not waited for when the run is interrupted', async () => {
    const world = fakeWorld({ script: { [line]: 'no answer' }, interrupted: AbortSignal.abort('SIGINT') });
    expect(await booted([url], 60_000, world)).toEqual([url]);
  });

  it('hides no bug of ours', async () => {
    await expect(booted([url], 60_000, fakeWorld())).rejects.toThrow('unscripted request');
  });

  it('is found when its port opens late', async () => {
    const server = createServer((_, reply) => reply.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const world = realWorld();
    let refused = () => {};
    const first = new Promise<void>((resolve) => {
      refused = resolve;
    });
    const send: Http['send'] = (request) => world.http.send(request).finally(refused);
    const seen = Object.create(world, { http: { value: { send } } });
    const waiting = booted([`http://127.0.0.1:${port}/`], 30_000, seen);
    await first;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await waiting).toEqual([]);
    await world.http.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('check --wait', () => {
  const addresses = ['--auth', 'http://localhost:3000', '--api', 'http://localhost:8000'];

  it('asks both sides before the first check, and then runs', async () => {
    const answering = { status: 200 };
    const world = fakeWorld({ script: { [line]: answering, 'GET /': answering } });
    await main(['check', ...addresses, '--wait', '60s', '--only', 'session/login'], world);
    expect(world.sent.slice(0, 2).sort()).toEqual(['GET /', line]);
    expect(world.err()).not.toContain('does not answer');
  });

  it.each(['soon', '2h', '-1s'])('refuses %s as a time', async (wait) => {
    const world = fakeWorld();
    expect(await main(['check', ...addresses, `--wait=${wait}`], world)).toBe(2);
    expect(world.sent).toEqual([]);
  });
});
