import { checks } from 'virtual:checks';
import { rules } from 'virtual:rules';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/main/commands.js';
import { main } from '../../src/main.js';
import { topicsOf } from '../../src/report/topics.js';
import { fakeWorld } from '../support/fake-world.js';

async function explain(...args: string[]) {
  const world = fakeWorld();
  const code = await main(['explain', ...args], world);
  return { code, out: world.out(), err: world.err() };
}
const topics = topicsOf(checks, rules);

describe('explain', () => {
  it('knows each check, each rule and what the other commands look for, each code once', () => {
    const ids = topics.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(checks.map(({ id }) => id)));
    expect(ids).toEqual(expect.arrayContaining(rules.map(({ id }) => `diagnose/${id}`)));
    expect(ids).toEqual(
      expect.arrayContaining(['env/secret', 'env/urls', 'schema/shape', 'schema/jwks', 'token/verify']),
    );
    const codes = topics.flatMap(({ problems }) => problems.map(({ code }) => code));
    expect(new Set(codes).size).toBe(codes.length);
    for (const { id, problems } of topics) expect([id, problems.length > 0]).toEqual([id, true]);
  });

  it('shows every word of a problem, and the command that asks', async () => {
    for (const { id, title, command, problems } of topics) {
      const { code, out } = await explain(id);
      const flat = out.replaceAll(/\s+/g, ' ');
      expect(code).toBe(0);
      for (const text of [
        title,
        command,
        ...problems.flatMap(({ code: own, text: words, fix }) => [own, words, ...fix]),
      ])
        expect(flat).toContain(text.replaceAll(/\s+/g, ' '));
      for (const line of out.split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(140);
    }
  });

  it('shows one problem alone by its code', async () => {
    const { out } = await explain('token/fetch.no-route');
    expect(out).toContain('there is no token route');
    expect(out).not.toContain('token/fetch.crashed');
  });

  it('lists a group, and everything where nothing is named', async () => {
    const { out } = await explain('ws');
    expect(out.trimEnd().split('\n')).toHaveLength(checks.filter(({ id }) => id.startsWith('ws/')).length);
    expect((await explain()).out.trimEnd().split('\n')).toHaveLength(topics.length);
  });

  it('gives the declarations in JSON', async () => {
    const { out } = await explain('env/secret.differs', '--json');
    expect(JSON.parse(out)).toMatchObject({
      command: 'explain',
      topics: [{ id: 'env/secret', facts: { severity: 'critical' } }],
    });
  });

  it.each([
    ['token/fecth', 'token/fetch'],
    ['env/secret.difers', 'env/secret.differs'],
    ['sesion', 'session'],
  ])('suggests for %s the nearest, %s', async (word, near) => {
    const { code, out, err } = await explain(word);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`Did you mean ${near}?`);
  });

  it('is what findings of each command can be looked up in', () => {
    const names = new Set(commands.map(({ name }) => name));
    for (const { command } of topics.filter(({ command: asked }) => asked !== 'lockstep diagnose'))
      expect(names).toContain(command.split(' ')[1]);
  });
});
