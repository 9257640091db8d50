import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.js';
import { type Demo, startDemo } from '../../../src/demo/demo.js';
import { main } from '../../../src/main.js';
import { cutWorld } from '../../support/cut-world.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../../support/postgres.js';

const isRead = (place: string) => /^(GET|HEAD) |sign-in/.test(place);

describeWithPostgres('a run that is cut anywhere', () => {
  let postgres: Postgres;
  let demo: Demo;
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-cut-'));
  const journals = join(folder, 'runs');
  beforeAll(async () => {
    postgres = await startPostgres();
    const databaseUrl = new Secret(await postgres.database());
    demo = await startDemo({ trust: 'jwks', socketAuth: 'query', faults: [], databaseUrl });
  });
  afterAll(async () => {
    await demo.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true });
  });

  const check = () => ['check', 'isolation/read', '--auth', demo.auth, '--api', demo.api, '--sign-up', '--json'];

  /** Rows that are there: of throwaway users, and of anything that users own. */
  async function left(): Promise<Record<string, unknown>> {
    const of = (table: string) =>
      `(select count(*)::int from "${table}" where "userId" in (select id from "user" where email like 'lockstep+%')) as "${table}"`;
    const [row] = await query(
      demo.database.reveal(),
      `select (select count(*)::int from "user" where email like 'lockstep+%') as "user", ${of('session')}, ${of('account')}, (select count(*)::int from task) as task`,
    );
    return row ?? {};
  }
  const nothing = { user: 0, session: 0, account: 0, task: 0 };
  const kept = () => readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.jsonl'));

  async function places(): Promise<readonly string[]> {
    const world = cutWorld({ folder: journals });
    const code = await main(check(), world);
    expect(code, world.out()).toBe(0);
    expect(await left()).toEqual(nothing);
    expect(kept()).toEqual([]);
    return world.places;
  }

  it('leaves nothing once `lockstep cleanup` has run, wherever kill -9 fell', { timeout: 300_000 }, async () => {
    const all = await places();
    expect(all.filter((place) => place === 'POST /api/auth/sign-up/email')).toHaveLength(2);
    expect(all).toContain('POST /api/tasks');
    const seen = { user: 0, session: 0, account: 0, task: 0 };
    for (const [i, place] of all.entries()) {
      // of reads in a row the first stands for all: what is there and what is on record is the same
      if (isRead(place) && isRead(all[i - 1] ?? '')) continue;
      const at = i + 1;
      const world = cutWorld({ folder: journals, at });
      // a run may have come to its end before: they are not all of the same length
      await Promise.race([world.cut, main(check(), world)]);
      for (const [table, count] of Object.entries(await left())) seen[table as keyof typeof seen] += Number(count);
      const later = cutWorld({ folder: journals, ahead: 10_000 });
      const code = await main(['cleanup', '--json'], later);
      expect(code, `${at} ${world.places.at(-1)}: ${later.out()}`).toBe(0);
      expect(await left(), `${at} ${world.places.at(-1)}`).toEqual(nothing);
      expect(kept()).toEqual([]);
    }
    // the cuts really left something of each kind
    expect(
      Object.values(seen).every((count) => count > 0),
      JSON.stringify(seen),
    ).toBe(true);
  });
});
