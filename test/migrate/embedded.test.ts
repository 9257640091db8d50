import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../support/migrate.js';

let server: PGLiteSocketServer;
let db: PGlite;
let url: string;

beforeAll(async () => {
  db = await PGlite.create();
  server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 10 });
  await server.start();
  url = `postgresql://postgres:postgres@${server.getServerConn()}/postgres`;
});
afterAll(async () => {
  await server.stop();
  await db.close();
});

test('every verb works on the embedded database of the demo', async () => {
  const verbs: readonly (readonly [string[], number])[] = [
    [['status'], 4],
    [['plan'], 4],
    [['up', '--yes'], 0],
    [['up', '--yes'], 0],
    [['status'], 0],
    [['drift'], 0],
    [['repair', '--yes'], 0],
    [['down', '--yes'], 0],
    [['status'], 4],
  ];
  for (const [args, exit] of verbs) {
    const { code, err } = await migrate(url, args);
    expect({ args, code, err: err.includes('lockstep:') ? err : '' }).toEqual({ args, code: exit, err: '' });
  }
  const runs = await Promise.all(
    Array.from({ length: 4 }, () => migrate(url, ['up', '--yes', '--lock-timeout', '60s'])),
  );
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
});
