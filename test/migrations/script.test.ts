import { hashes } from 'virtual:migration-hashes';
import { describe, expect, test } from 'vitest';
import { layouts, optionalSets, standardLayout } from '../../migrations/layout.js';
import { script } from '../../migrations/script.js';

describe('the script that Kysely’s Migrator writes', () => {
  test('has each step once, in order, with the row by which it is recorded', async () => {
    const steps = await script([], 'latest', standardLayout, []);
    expect(steps.map(({ name }) => name)).toEqual(Object.keys(hashes).slice(0, 6));
    for (const { name, record } of steps) {
      expect(record).toMatch(new RegExp(`^insert into "lockstep_migration" .* values \\('${name}', '\\d{4}-.*Z'\\)$`));
    }
  });

  test('leaves out what is applied, and goes down in reverse', async () => {
    const names = Object.keys(hashes).slice(0, 6);
    expect(await script(names, 'latest', standardLayout, [])).toEqual([]);
    expect((await script(names.slice(0, 5), 'latest', standardLayout, [])).map(({ name }) => name)).toEqual([names[5]]);
    const down = await script(names, { step: '0004_verification' }, standardLayout, []);
    expect(down.map(({ name, drops }) => [name, drops])).toEqual([
      ['0006_indexes', []],
      ['0005_jwks', ['jwks']],
    ]);
    expect(down.at(-1)?.record).toBe(`delete from "lockstep_migration" where "name" = '0005_jwks'`);
  });

  test('takes an optional set also after later steps', async () => {
    const names = Object.keys(hashes).slice(0, 6);
    expect((await script(names, 'latest', standardLayout, optionalSets)).map(({ name }) => name)).toEqual([
      '0007_rateLimit',
    ]);
  });

  test('has no parameters left: it goes as one text', async () => {
    for (const layout of layouts) {
      const steps = await script([], 'latest', layout, optionalSets);
      expect(
        steps.flatMap(({ statements, record }) => [...statements, record]).filter((sql) => /\$\d/.test(sql)),
      ).toEqual([]);
    }
  });
});

test('published steps are what they were: an edited one is another one', () => {
  const standard = Object.fromEntries(
    Object.entries(hashes).map(([name, by]) => [name, by['text/camel']?.slice(0, 16)]),
  );
  expect(standard).toMatchInlineSnapshot(`
    {
      "0001_user": "9037d3849c714fc1",
      "0002_session": "67783b73284cee41",
      "0003_account": "e8a81f4ec9887061",
      "0004_verification": "f613be5f898eb9c6",
      "0005_jwks": "3698219d3e94e764",
      "0006_indexes": "3389c52315fa60cd",
      "0007_rateLimit": "5f8ae73f484af288",
    }
  `);
});
