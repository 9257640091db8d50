import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Made, Writer } from '../../../src/core/journal.js';
import { Secret } from '../../../src/core/secret.js';
import { fleeting } from '../../../src/io/journal/fleeting.js';
import { journalFolder } from '../../../src/io/journal/folder.js';
import { createJournals } from '../../../src/io/journal/journals.js';
import { atWork, thisProcess } from '../../../src/io/journal/writer.js';
import type { Journals } from '../../../src/world.js';

let folder = '';
let runs = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-journal-'));
  runs = join(folder, 'runs');
});
afterEach(() => {
  delete process.env.LOCKSTEP_KILL_AT;
  rmSync(folder, { recursive: true, force: true });
});

const place = { name: 'local', auth: 'http://localhost:3000/api/auth', api: null, tokenRoute: '/token' };
const made = (n: number): Made => ({
  kind: 'user',
  email: `lockstep+c0ffee-${n}@example.invalid`,
  password: new Secret(`password-${n}`),
  keys: [],
});
const start = Date.UTC(2026, 10, 21);
/** A process that is not there any more. */
const gone: Writer = { host: hostname(), pid: 4_000_000, start: null };
const here = (now = start, writer = gone) => createJournals(runs, () => now, writer);
const names = () => (existsSync(runs) ? readdirSync(runs).sort() : []);
const kept = async (at = here()) =>
  (await at.all()).map(({ reading, live }) => [reading?.run ?? null, live, reading?.open.map(({ n }) => n)]);

describe('a journal on the disk', () => {
  it('is not there before its first entry, and not after its last', async () => {
    const journal = await here().open('c0ffee', place);
    await journal.close();
    expect(names()).toEqual([]);
    const one = await journal.enter(made(1));
    expect(names()).toEqual(['c0ffee.jsonl']);
    const two = await journal.enter(made(2));
    await journal.gone(one);
    await journal.close();
    expect(await kept()).toEqual([['c0ffee', false, [two]]]);
    await journal.gone(two);
    await journal.close();
    expect(names()).toEqual([]);
  });

  it('is read by its owner alone, in a folder that nobody else enters, whatever the umask and whatever was there', async () => {
    const umask = process.umask(0);
    try {
      mkdirSync(runs, { mode: 0o777 });
      await (await here().open('c0ffee', place)).enter(made(1));
      expect(statSync(runs).mode & 0o777).toBe(0o700);
      expect(statSync(join(runs, 'c0ffee.jsonl')).mode & 0o777).toBe(0o600);
    } finally {
      process.umask(umask);
    }
  });

  it('keeps the order of what is entered side by side, each on the disk when it is said to be', async () => {
    const journal = await here().open('c0ffee', place);
    const entered = Array.from({ length: 20 }, async (_, i) => {
      const n = await journal.enter(made(i));
      expect(readFileSync(join(runs, 'c0ffee.jsonl'), 'utf8')).toContain(`"n":${n},`);
      return n;
    });
    expect(await Promise.all(entered)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect((await kept())[0]?.[2]).toHaveLength(20);
  });

  it('tells the next run what was answered and why something remains, and goes on counting there', async () => {
    const journal = await here().open('c0ffee', place);
    const n = await journal.enter(made(1));
    await journal.answered(n, '/x/1');
    await journal.remains(n, 'it is locked');
    const [again] = await here().all();
    expect(again?.reading?.open).toMatchObject([{ n, answered: true, path: '/x/1', remains: 'it is locked' }]);
    expect(await again?.journal.enter(made(2))).toBe(n + 1);
    await again?.forget();
    expect(names()).toEqual([]);
  });

  it('goes on after a line that was cut by a kill', async () => {
    await (await here().open('c0ffee', place)).enter(made(1));
    appendFileSync(join(runs, 'c0ffee.jsonl'), '\n{"n":2,"at":1,"made":{"kind":"us');
    const [again] = await here().all();
    await again?.journal.enter(made(3));
    expect((await kept())[0]?.[2]).toEqual([1, 2]);
    expect(readFileSync(join(runs, 'c0ffee.jsonl'), 'utf8')).toContain('"kind":"us\n{');
  });

  it('that cannot lie anywhere makes nothing, and says so', async () => {
    const journal = await createJournals('/dev/null/runs', () => start).open('c0ffee', place);
    await expect(journal.enter(made(1))).rejects.toMatchObject({
      code: 'no-journal',
      exit: 3,
      message: expect.stringContaining('LOCKSTEP_STATE_DIR'),
    });
    await journal.close();
  });

  it.each(['journal-begin', 'journal-write', 'journal-sync', 'journal-rename'])(
    'leaves no trace of a beginning that fails at %s, and may begin again',
    async (point) => {
      const journal = await here().open('c0ffee', place);
      process.env.LOCKSTEP_KILL_AT = `${point}=EIO`;
      await expect(journal.enter(made(1))).rejects.toMatchObject({
        code: 'no-journal',
        message: expect.stringContaining('the disk reports an error'),
      });
      expect(names()).toEqual([]);
      delete process.env.LOCKSTEP_KILL_AT;
      await journal.enter(made(2));
      expect((await kept())[0]?.[2]).toEqual([2]);
    },
  );

  it('does not take a line for written that was not, and goes on after it', async () => {
    const journal = await here().open('c0ffee', place);
    await journal.enter(made(1));
    process.env.LOCKSTEP_KILL_AT = 'journal-write=ENOSPC';
    await expect(journal.enter(made(2))).rejects.toMatchObject({ message: expect.stringContaining('no space left') });
    delete process.env.LOCKSTEP_KILL_AT;
    await journal.enter(made(3));
    expect(journal.open().map(({ n }) => n)).toEqual([1, 3]);
    expect((await kept())[0]?.[2]).toEqual([1, 3]);
  });

  it('writes through no link, and over no file that is there', async () => {
    mkdirSync(runs);
    writeFileSync(join(folder, 'theirs'), 'theirs');
    symlinkSync(join(folder, 'theirs'), join(runs, 'c0ffee.jsonl.new'));
    await expect((await here().open('c0ffee', place)).enter(made(1))).rejects.toMatchObject({ code: 'no-journal' });
    expect(readFileSync(join(folder, 'theirs'), 'utf8')).toBe('theirs');
  });
});

describe('the journals that are there', () => {
  const write = (name: string, text: string, mode = 0o600) => {
    mkdirSync(runs, { recursive: true });
    writeFileSync(join(runs, name), text);
    chmodSync(join(runs, name), mode);
  };
  async function journal(run: string, at: number, writer = gone): Promise<string> {
    await (await here(at, writer).open(run, place)).enter(made(1));
    return join(runs, `${run}.jsonl`);
  }

  it('are none where there is no folder', async () => {
    expect(await kept()).toEqual([]);
  });

  it('come in the order in which they began, and are live while their writer is', async () => {
    await journal('b', start + 1);
    await journal('a', start + 2);
    await journal('c', start, thisProcess());
    expect(await kept()).toEqual([
      ['c', true, [1]],
      ['b', false, [1]],
      ['a', false, [1]],
    ]);
  });

  it('are told, and not believed, where others could have written them or they are none', async () => {
    const text = readFileSync(await journal('a', start), 'utf8');
    write('open.jsonl', text, 0o622);
    write('noise.jsonl', 'noise');
    symlinkSync(join(runs, 'a.jsonl'), join(runs, 'link.jsonl'));
    mkdirSync(join(runs, 'folder.jsonl'));
    const all = await here().all();
    const unread = all.filter(({ reading }) => reading === null).map(({ file }) => file.slice(runs.length + 1));
    expect(unread.sort()).toEqual(['folder.jsonl', 'link.jsonl', 'noise.jsonl', 'open.jsonl']);
    expect(all).toHaveLength(5);
  });

  it('lose a beginning that nobody went on with, after an hour', async () => {
    write('young.jsonl.new', '');
    write('old.jsonl.new', '');
    const long = new Date(Date.now() - 3_600_000 - 60_000);
    utimesSync(join(runs, 'old.jsonl.new'), long, long);
    await here(Date.now()).all();
    expect(names()).toEqual(['young.jsonl.new']);
  });
});

describe('the writer of a journal', () => {
  const head = (writer: ReturnType<typeof thisProcess>) => ({ run: 'a', place, writer, at: start });
  const hour = 3_600_000;

  it('is at work as long as this process is', () => {
    expect(atWork(head(thisProcess()), start + 100 * hour)).toBe(process.platform === 'linux');
    expect(atWork(head(gone), start)).toBe(false);
  });

  it('is another one where the number is used again', () => {
    const later = { ...thisProcess(), start: 'another-boot:1' };
    expect(atWork(head(later), start)).toBe(process.platform !== 'linux');
  });

  it.each([
    ['of another machine', { ...gone, host: 'elsewhere' }],
    ['whose start is not known', { ...gone, pid: process.pid }],
  ])('%s is believed for an hour', (_, writer) => {
    expect(atWork(head(writer), start + hour - 1)).toBe(true);
    expect(atWork(head(writer), start + hour + 1)).toBe(false);
  });
});

describe('the folder of the journals', () => {
  it.each([
    [{ LOCKSTEP_STATE_DIR: '/own', XDG_STATE_HOME: '/xdg' }, '/own/runs'],
    [{ LOCKSTEP_STATE_DIR: '', XDG_STATE_HOME: '/xdg' }, '/xdg/lockstep/runs'],
    [{ XDG_STATE_HOME: 'relative' }, join(homedir(), '.local/state/lockstep/runs')],
    [{}, join(homedir(), '.local/state/lockstep/runs')],
  ])('by %j is %s', (env, expected) => {
    expect(journalFolder(env)).toBe(expected);
  });
});

describe('a fleeting journal', () => {
  it('says the same as one on the disk, and is nowhere', async () => {
    const say = async (journals: Journals) => {
      const journal = await journals.open('c0ffee', place);
      const [one, two, three] = [
        await journal.enter(made(1)),
        await journal.enter(made(2)),
        await journal.enter(made(3)),
      ];
      await journal.answered(one, '/x');
      await journal.remains(two, 'why');
      await journal.gone(three);
      return journal
        .open()
        .map(({ n, answered, path, remains, made: thing }) => ({ n, answered, path, remains, thing }));
    };
    expect(await say(fleeting)).toEqual(await say(here()));
    expect(await fleeting.all()).toEqual([]);
  });
});
