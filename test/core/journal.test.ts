import { describe, expect, it } from 'vitest';
import type { Entry, Head, Line, MadeObject, MadeUser } from '../../src/core/journal.js';
import { inWords, note, readJournal, spelled } from '../../src/core/journal.js';
import { Secret } from '../../src/core/secret.js';
import fc from '../support/fast-check.js';

const place = {
  name: 'local',
  auth: 'http://localhost:3000/api/auth',
  api: 'http://localhost:8000',
  tokenRoute: '/token',
};
const head: Head = { run: 'c0ffee', place, writer: { host: 'here', pid: 7, start: 'boot:1' }, at: 1_000 };
const first = spelled({ version: 1, ...head });
const user = (n: number): MadeUser => ({
  kind: 'user',
  email: `lockstep+c0ffee-${n}@example.invalid`,
  password: new Secret(`password-${n}`),
  keys: ['key-1'],
});
const task: MadeObject = {
  kind: 'object',
  resource: { name: 'tasks', collection: '/api/tasks', item: '/api/tasks/{id}', id: '/id' },
  canary: 'canary-c0ffee-1',
  owners: [['user-1', 'a@example.com']],
};
const entered = (n: number, made: MadeUser | MadeObject = user(n)): string => spelled({ n, at: 2_000 + n, made });
const open = (text: string) => readJournal(text)?.open.map(({ n }) => n);

describe('a journal', () => {
  it('says who wrote it, where, and what is open, in the order of its making', () => {
    const reading = readJournal(first + entered(1) + entered(2, task));
    expect(reading).toMatchObject(head);
    expect(reading?.open).toMatchObject([
      { n: 1, at: 2_001, made: { kind: 'user', email: user(1).email }, answered: false, path: null, remains: null },
      { n: 2, at: 2_002, made: task },
    ]);
  });

  it('holds a password as a secret again, which is spelled out in the line of its user alone', () => {
    const made = readJournal(first + entered(1))?.open[0]?.made as MadeUser;
    expect(made.password).toBeInstanceOf(Secret);
    expect(made.password.reveal()).toBe('password-1');
    expect(JSON.stringify(made)).not.toContain('password-1');
    for (const line of [
      { n: 1, path: null },
      { n: 1, gone: true },
      { n: 1, remains: 'why' },
    ] satisfies Line[])
      expect(spelled(line)).not.toContain('password');
  });

  it.each([
    ['an answer that names it', { n: 1, path: '/api/tasks/7' }, { answered: true, path: '/api/tasks/7' }],
    ['an answer that does not', { n: 1, path: null }, { answered: true, path: null }],
    ['why it remains', { n: 1, remains: 'it is locked' }, { answered: false, remains: 'it is locked' }],
  ] as const)('takes note of %s', (_, line, expected) => {
    expect(readJournal(first + entered(1) + spelled(line))?.open).toMatchObject([expected]);
  });

  it('forgets what is gone, and nothing else', () => {
    expect(open(first + entered(1) + entered(2) + spelled({ n: 1, gone: true }))).toEqual([2]);
    expect(open(first + spelled({ n: 1, gone: true }) + entered(1))).toEqual([1]);
    expect(open(first + entered(1) + spelled({ n: 9, gone: true }))).toEqual([1]);
  });

  it('cut at whichever byte says no more and no less than its whole lines', () => {
    const text = `${first}${entered(1)}${spelled({ n: 1, path: null })}${entered(2, task)}${spelled({ n: 1, gone: true })}`;
    for (let at = 0; at <= text.length; at++) {
      const cut = text.slice(0, at);
      // a last line that lacks only its end is whole
      const lines = text
        .split('\n')
        .filter((line, n, all) => `${all.slice(0, n + 1).join('\n')}`.length <= at && line !== '');
      const whole = lines.length === 0 ? null : `${lines.join('\n')}\n`;
      expect(readJournal(cut)?.open ?? null, `byte ${at}`).toEqual(whole === null ? null : readJournal(whole)?.open);
    }
  });

  it('goes on after a line that was cut', () => {
    const torn = entered(2).slice(0, 30);
    expect(open(`${first}${entered(1)}${torn}\n${entered(3)}`)).toEqual([1, 3]);
    expect(open(`${first}${entered(1)}${torn}${entered(3)}`), 'a line that was glued to it is lost').toEqual([1]);
  });

  it.each([
    ['nothing', ''],
    ['noise', '\u0000\u0001\n'],
    ['another JSON', '{"n":1}\n'],
    ['another version', first.replace('"version":1', '"version":2')],
    ['a run that is no id', first.replace('c0ffee', '../../x')],
    ['no writer', first.replace('"writer":{', '"nobody":{')],
    ['no address', first.replace('"auth":', '"htua":')],
    ['an array', '[]\n'],
    ['null', 'null\n'],
  ])('is none that is %s', (_, text) => {
    expect(readJournal(text + entered(1))).toBeNull();
  });

  it('takes nothing from lines that are none of it', () => {
    const strange = [
      'null',
      '7',
      '[]',
      '{"n":"1","at":1,"made":{"kind":"object"}}',
      '{"n":1,"at":1,"made":{"kind":"user","email":7,"password":"x","keys":[]}}',
      '{"n":1,"at":1,"made":{"kind":"user","email":"x","password":{},"keys":[]}}',
      '{"n":1,"at":1,"made":{"kind":"object","canary":"x"}}',
      '{"n":1,"at":1,"made":{"kind":"else"}}',
      '{"__proto__":{"n":1,"gone":true}}',
    ];
    expect(open(`${first}${entered(1)}${strange.join('\n')}\n`)).toEqual([1]);
  });

  it('whatever is in it, is read or is none, and never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.json(), fc.string(), fc.constantFrom(first, entered(1), entered(2, task)))),
        (lines) => {
          const reading = readJournal(first + lines.join('\n'));
          expect(
            reading?.open.every(({ n, made }) => typeof n === 'number' && ['user', 'object'].includes(made.kind)),
          ).toBe(true);
        },
      ),
    );
  });

  it('is the same, noted line by line or read from its text', () => {
    const line = fc.oneof(
      fc.record({ n: fc.nat(4), at: fc.nat(), made: fc.constant(task) }),
      fc.record({ n: fc.nat(4), path: fc.option(fc.string()) }),
      fc.record({ n: fc.nat(4), gone: fc.constant(true as const) }),
      fc.record({ n: fc.nat(4), remains: fc.string() }),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const held = new Map<number, Entry>();
        for (const each of lines) note(held, JSON.parse(spelled(each)));
        expect(readJournal(first + lines.map((each) => spelled(each)).join(''))?.open).toEqual([...held.values()]);
      }),
    );
  });

  it('tells in words what is open', () => {
    expect(inWords(user(1), place)).toBe('user lockstep+c0ffee-1@example.invalid');
    expect(inWords(task, place)).toBe('tasks with canary-c0ffee-1 at http://localhost:8000/api/tasks');
    expect(inWords(task, { api: null })).toBe('tasks with canary-c0ffee-1 at /api/tasks');
  });
});
