import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.js';
import type { Demo } from '../../../src/demo/contract.js';
import { startDemo } from '../../../src/demo/demo.js';
import { main } from '../../../src/main.js';
import { type CutOptions, type CutWorld, cutWorld } from '../../support/cut-world.js';
import { sampled, turn, turns, which } from '../../support/kills.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../../support/postgres.js';

const isRead = (place: string) => /^(GET|HEAD) |sign-in/.test(place);

describeWithPostgres('a run that is cut anywhere', () => {
  let postgres: Postgres;
  let demo: Demo;
  const folder = join(tmpdir(), 'lockstep-cut');
  const journals = join(folder, 'runs');
  beforeAll(async () => {
    mkdirSync(folder);
    postgres = await startPostgres();
    const databaseUrl = new Secret(await postgres.database());
    demo = await startDemo({ trust: 'jwks', socketAuth: 'query', faults: [], databaseUrl, quickPasswords: true });
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
  /** every file of the state folder: a journal that only begins is one, too */
  const kept = () => readdirSync(journals).map(String);

  async function places(): Promise<readonly string[]> {
    const world = cutWorld({ folder: journals });
    const code = await main(check(), world);
    expect(code, world.out()).toBe(0);
    expect(await left()).toEqual(nothing);
    expect(kept()).toEqual([]);
    return world.places;
  }

  /**
   * The numbers of places at which to cut. Of reads in a row the first stands for all: what is there and what is on record
   * is the same.
   */
  const telling = (all: readonly string[]) => {
    const numbers = all.flatMap((place, i) => (isRead(place) && isRead(all[i - 1] ?? '') ? [] : [i + 1]));
    return sampled(numbers, (at) => (all[at - 1] ?? '').replaceAll(/\/[\w-]{16,}/g, '/*'), 3);
  };

  /** `lockstep cleanup` in a process of its own, long after what is on record. */
  async function cleaned(own: Partial<CutOptions> = {}): Promise<{ code: number; world: CutWorld }> {
    const world = cutWorld({ folder: journals, ahead: 10_000, ...own });
    return { code: await main(['cleanup', '--json'], world), world };
  }

  it(`leaves nothing once \`lockstep cleanup\` has run, wherever kill -9 fell, ${which}`, {
    timeout: 300_000,
  }, async () => {
    const all = await places();
    expect(all.filter((place) => place === 'POST /api/auth/sign-up/email')).toHaveLength(2);
    expect(all).toContain('POST /api/tasks');
    const seen = { user: 0, session: 0, account: 0, task: 0 };
    for (const at of telling(all)) {
      const world = cutWorld({ folder: journals, at });
      // a run may have come to its end before: they are not all of the same length
      await Promise.race([world.cut, main(check(), world)]);
      for (const [table, count] of Object.entries(await left())) seen[table as keyof typeof seen] += Number(count);
      const { code, world: later } = await cleaned();
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

  it.each(turns(['SIGINT', 'SIGTERM', 'deadline'] as const))(
    `leaves nothing by itself, wherever %j fell in turn, and the exit code says which it was, ${which}`,
    {
      timeout: 300_000,
    },
    async (acts) => {
      const seen = new Set<string>();
      for (const [i, at] of telling(await places()).entries()) {
        const act = turn(acts, i);
        const world = cutWorld({ folder: journals, at, act });
        const code = await main([...check(), '--deadline', '77s'], world);
        const where = `${at} ${world.places[at - 1]} ${act}: ${world.out()}${world.err()}`;
        // whoever interrupts a run that has asked nothing yet gets no report
        const { results = [] } = act === 'deadline' ? JSON.parse(world.out()) : {};
        const cut = results.filter(
          ({ because = '' }) => because === 'cut by the deadline of the run (--deadline 1m17s)',
        );
        // a run may have come to its end before; once every check has ended a deadline has nothing to cut
        const owed =
          world.places.length < at ? 0 : { SIGINT: 130, SIGTERM: 143, deadline: cut.length > 0 ? 3 : 0 }[act];
        expect(code, where).toBe(owed);
        if (act === 'deadline') expect(results.length, where).toBeGreaterThan(3);
        expect(await left(), where).toEqual(nothing);
        expect(kept(), where).toEqual([]);
        seen.add(`${act} ${code}`);
      }
      const owed = { SIGINT: 'SIGINT 130', SIGTERM: 'SIGTERM 143', deadline: 'deadline 3' };
      expect([...seen]).toEqual(expect.arrayContaining(acts.map((act) => owed[act])));
    },
  );

  /** A run that is killed when there is most to be taken back. */
  async function abandoned(): Promise<void> {
    const at = (places: readonly string[]) => places.includes('POST /api/tasks') && places.at(-1) === 'after answered';
    const world = cutWorld({ folder: journals, at });
    await Promise.race([world.cut, main(check(), world)]);
    expect(await left()).toMatchObject({ user: 2, task: expect.any(Number) });
  }

  it.each(turns(['kill', 'SIGINT', 'SIGTERM'] as const))(
    `whose cleanup is cut anywhere, by %j in turn, leaves nothing after the next one, ${which}`,
    { timeout: 300_000 },
    async (acts) => {
      await abandoned();
      const whole = await cleaned();
      expect([whole.code, await left(), kept()], whole.world.out()).toEqual([0, nothing, []]);
      const { places: all } = whole.world;
      expect(all.length).toBeGreaterThan(10);
      for (const [i, at] of telling(all).entries()) {
        const act = turn(acts, i);
        await abandoned();
        const world = cutWorld({ folder: journals, ahead: 10_000, at, act });
        const ended = main(['cleanup'], world);
        // after kill -9 it never ends
        const code = await (act === 'kill' ? Promise.race([world.cut.then(() => null), ended]) : ended);
        const next = await cleaned();
        const where = `${at} ${all[at - 1]} ${act}: ${world.out()}${next.world.out()}`;
        // it may have come to its end before: they are not all of the same length
        const owed = act === 'kill' ? null : act === 'SIGINT' ? 130 : 143;
        expect(code, where).toBe(world.places.length < at ? 0 : owed);
        expect([next.code, await left(), kept()], where).toEqual([0, nothing, []]);
      }
    },
  );

  afterEach(() => {
    delete process.env.LOCKSTEP_KILL_AT;
    delete process.env.LOCKSTEP_KILL_RECORD;
  });

  /** The points of the journal on the disk that something passes. */
  async function pointsOf(act: () => Promise<unknown>): Promise<string[]> {
    const file = join(folder, 'points');
    writeFileSync(file, '');
    process.env.LOCKSTEP_KILL_RECORD = file;
    await act();
    delete process.env.LOCKSTEP_KILL_RECORD;
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  }

  const stepOf = (point: string) => point.replace(/\.\d+$/, '');
  const inWords = { ENOSPC: 'no space left on the disk', EIO: 'the disk reports an error' };

  it.each(turns(['ENOSPC', 'EIO'] as const))(
    `leaves nothing by itself where the disk of the journal says %j in turn, ${which}`,
    { timeout: 300_000 },
    async (errors) => {
      const points = await pointsOf(places);
      const kinds = new Set(points.map(stepOf));
      expect([...kinds].sort()).toEqual([
        'journal-begin',
        'journal-remove',
        'journal-rename',
        'journal-sync',
        'journal-write',
        'journal-written',
      ]);
      const seen = new Set<number>();
      for (const [i, point] of sampled(points, stepOf, 4).entries()) {
        const error = turn(errors, i);
        process.env.LOCKSTEP_KILL_AT = `${point}=${error}`;
        const world = cutWorld({ folder: journals });
        const code = await main(check(), world);
        delete process.env.LOCKSTEP_KILL_AT;
        // what announces something must be on the disk, or it is not done; the rest only spares a later look
        expect([0, 3], `${point}: ${world.out()}${world.err()}`).toContain(code);
        if (code === 3) expect(world.out() + world.err(), point).toContain(inWords[error]);
        expect(await left(), point).toEqual(nothing);
        // a journal that cannot be removed says that nothing is open
        if (point !== 'journal-remove') expect(kept(), point).toEqual([]);
        const later = await cleaned();
        expect([later.code, kept()], `${point}: ${later.world.out()}`).toEqual([0, []]);
        seen.add(code);
      }
      expect([...seen].sort()).toEqual([0, 3]);
    },
  );

  it.each(turns(['ENOSPC', 'EIO'] as const))(
    `is cleaned up where the disk of the journal says %j in turn, ${which}`,
    { timeout: 300_000 },
    async (errors) => {
      await abandoned();
      const points = await pointsOf(cleaned);
      expect(points).toContain('journal-remove');
      for (const [i, point] of sampled(points, stepOf, 4).entries()) {
        const error = turn(errors, i);
        await abandoned();
        process.env.LOCKSTEP_KILL_AT = `${point}=${error}`;
        const { code, world } = await cleaned();
        delete process.env.LOCKSTEP_KILL_AT;
        // the record is only there to be found again: nothing is open, whether it says so or not
        expect([code, await left()], `${point}: ${world.out()}`).toEqual([0, nothing]);
        const next = await cleaned();
        expect([next.code, kept()], `${point}: ${next.world.out()}`).toEqual([0, []]);
      }
    },
  );
});
