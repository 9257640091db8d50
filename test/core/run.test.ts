import { describe, expect, it } from 'vitest';
import type { AnyCheck, AnyOutcome } from '../../src/core/check.js';
import { inconclusive, pass, problem, skip, warn } from '../../src/core/check.js';
import { LockstepError } from '../../src/core/errors.js';
import { plan } from '../../src/core/plan.js';
import type { Probe } from '../../src/core/probe.js';
import type { Result } from '../../src/core/report.js';
import { exitCode, outcome } from '../../src/core/report.js';
import type { RunOptions } from '../../src/core/run.js';
import { run } from '../../src/core/run.js';
import { target } from '../support/deployment.js';

function check(id: string, ends: () => AnyOutcome | Promise<AnyOutcome>, more: Partial<AnyCheck> = {}): AnyCheck {
  const problems = { bad: { level: 'fail', text: 'bad {x}' }, doubtful: { level: 'warn', text: 'doubtful' } };
  return { id, title: id, severity: 'high', impact: 'reads', problems, run: async () => ends(), ...more };
}

const options: RunOptions = {
  width: 8,
  patience: 1000,
  signal: new AbortController().signal,
  monotonic: () => performance.now(),
  timer(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  probe: () => ({}) as Probe,
};

async function verdicts(checks: AnyCheck[], more: Partial<RunOptions> = {}): Promise<Record<string, string>> {
  const results = await run(plan(checks, target(), { only: [], consent: { writes: false, noise: false } }), {
    ...options,
    ...more,
  });
  return Object.fromEntries(results.map(({ check, verdict }) => [check, verdict]));
}

describe('a run', () => {
  it('gives each verdict to the check that earned it', async () => {
    const checks = [
      check('g/pass', () => pass()),
      check('g/warn', () => warn(undefined, { code: 'doubtful', data: {} })),
      check('g/fail', () => problem('bad', { x: 1 })),
      check('g/skip', () => skip('no material')),
      check('g/open', () => inconclusive('control failed')),
    ];
    expect(await verdicts(checks)).toEqual({
      'g/pass': 'pass',
      'g/warn': 'warn',
      'g/fail': 'fail',
      'g/skip': 'skip',
      'g/open': 'inconclusive',
    });
  });

  it.each([
    ['fails', () => problem('bad', { x: 1 })],
    ['is skipped', () => skip('x')],
    ['is inconclusive', () => inconclusive('x')],
  ])('skips, and does not fail, what needs a check that %s', async (_, ends) => {
    const first = check('g/first', ends);
    const second = check('g/second', () => pass(), { needs: { first } });
    const third = check('g/third', () => pass(), { needs: { second } });
    expect(await verdicts([third, first, second])).toMatchObject({ 'g/second': 'skip', 'g/third': 'skip' });
  });

  it('tells why it was ended, where that is known', async () => {
    const over = new AbortController();
    const why = new LockstepError('deadline', 'the time is over', { exit: 3 });
    const first = check('g/first', () => pass());
    const second = check('g/second', () => pass(), { run: () => new Promise(() => over.abort(why)), needs: { first } });
    const third = check('g/third', () => pass(), { alone: true });
    const steps = plan([first, second, third], target(), { only: [], consent: { writes: false, noise: false } });
    const results = await run(steps, { ...options, signal: over.signal });
    expect(results.map(({ verdict, because }) => [verdict, because])).toEqual([
      ['pass', undefined],
      ['inconclusive', 'the time is over'],
      ['inconclusive', 'the time is over'],
    ]);
    expect(exitCode({ results, leftovers: [], strict: false })).toBe(3);
  });

  it('shows how to repeat what another check has asked, and rather what the check itself has', async () => {
    const url = 'http://api.test/x';
    const bad = () => problem('bad', { x: 1, url });
    const asks = (id: string, ends: () => AnyOutcome, path: string | null, more: Partial<AnyCheck> = {}) =>
      check(id, ends, {
        run: async ({ canary }) => {
          if (path !== null) (canary as (path: string) => void)(path);
          return ends();
        },
        ...more,
      });
    const first = asks('g/first', () => pass('an answer'), '/of-the-first');
    const second = asks('g/second', bad, null, { needs: { first } });
    const third = asks('g/third', bad, '/of-the-third', { needs: { first } });
    const steps = plan([first, second, third], target(), { only: [], consent: { writes: false, noise: false } });
    const results = await run(steps, {
      ...options,
      probe: (_, note) => {
        const ask = (path: string) =>
          note({ method: 'GET', url, asked: `http://api.test${path}`, status: 200, headers: [], body: null, ms: 1 });
        return { canary: ask } as unknown as Probe;
      },
    });
    expect(results.flatMap(({ findings }) => findings.map(({ reproduce }) => reproduce))).toEqual([
      expect.stringContaining('/of-the-first'),
      expect.stringContaining('/of-the-third'),
    ]);
  });

  describe('in which something is lost', () => {
    const url = 'http://api.test/x';
    /** A check that loses something, and ends with the next of `endings`; nothing is lost any more in those after `losses`. */
    const losing = (endings: readonly AnyOutcome[], losses = endings.length, more: Partial<AnyCheck> = {}) => {
      let asked = 0;
      const run = async ({ canary }: Probe) => {
        if (asked < losses) (canary as (url: string) => void)(url);
        return endings[asked++] as AnyOutcome;
      };
      return { one: check('g/one', () => pass(), { run, ...more }), asked: () => asked };
    };
    const ruled = async (one: AnyCheck, gone: string | null, goods: boolean[] = []) => {
      const steps = plan([one], target(), { only: [], consent: { writes: false, noise: false } });
      const [result] = await run(steps, {
        ...options,
        probe: (_, __, ___, lost) => ({ canary: lost }) as unknown as Probe,
        gone: async (urls, good) => {
          expect(urls).toEqual([url]);
          goods.push(good);
          return gone;
        },
      });
      return result as Result;
    };

    it.each([
      ['failed', problem('bad', { x: 1 })],
      ['warned', warn(undefined, { code: 'doubtful', data: {} })],
      ['passed', pass()],
    ])(
      'and that is gone, nothing is said where a check would have %s; what was seen stands beside',
      async (_, outcome) => {
        const { one, asked } = losing([outcome, outcome]);
        const { verdict, because, findings } = await ruled(one, 'http://api.test answers 502');
        expect([verdict, findings]).toEqual(['inconclusive', []]);
        expect(because).toContain('http://api.test answers 502');
        if (outcome.kind === 'failed') expect(because).toContain('bad 1');
        expect(asked()).toBe(1);
      },
    );

    it('and that is there, it asks once more, and what comes second counts', async () => {
      const [bad, good] = [problem('bad', { x: 1 }), pass()];
      expect((await ruled(losing([bad, good], 1).one, null)).verdict).toBe('pass');
      expect((await ruled(losing([good, bad], 1).one, null)).verdict).toBe('fail');
      // what it loses each time is its way to answer
      const always = losing([bad, bad]);
      expect((await ruled(always.one, null)).verdict).toBe('fail');
      expect(always.asked()).toBe(2);
    });

    it('asks for one that does something well only where nothing was found', async () => {
      const goods: boolean[] = [];
      await ruled(losing([problem('bad', { x: 1 })]).one, 'gone', goods);
      await ruled(losing([pass()]).one, 'gone', goods);
      expect(goods).toEqual([false, true]);
    });

    it('leaves alone what says nothing anyway, and what has lost nothing', async () => {
      for (const ends of [skip('no material'), inconclusive('control failed')]) {
        const { one, asked } = losing([ends]);
        expect((await ruled(one, 'gone')).because).toBe(ends.because);
        expect(asked()).toBe(1);
      }
      expect((await ruled(losing([problem('bad', { x: 1 })], 0).one, 'gone')).verdict).toBe('fail');
    });

    it('gives nothing to those that need it', async () => {
      const { one } = losing([pass('gift')]);
      const second = check('g/second', () => pass(), { needs: { one } });
      const more = {
        probe: (_: unknown, __: unknown, ___: unknown, lost: unknown) => ({ canary: lost }) as unknown as Probe,
      };
      expect(await verdicts([one, second], { ...more, gone: async () => 'gone' })).toEqual({
        'g/one': 'inconclusive',
        'g/second': 'skip',
      });
    });
  });

  it('begins with what most has to follow, and gives the results in the order of the plan', async () => {
    const began: string[] = [];
    const first = check('g/first', () => pass());
    const short = check('g/short', () => pass(), { needs: { first } });
    const middle = check('g/middle', () => pass(), { needs: { first } });
    const last = check('g/last', () => pass(), { needs: { middle, short } });
    const end = check('g/end', () => pass(), { needs: { last } });
    const single = check('g/single', () => pass());
    const other = check('g/other', () => pass(), { needs: { first } });
    const steps = plan([single, other, end], target(), { only: [], consent: { writes: false, noise: false } });
    const results = await run(steps, { ...options, onStart: ({ id }) => began.push(id) });
    expect(began).toEqual(['g/first', 'g/single', 'g/middle', 'g/short', 'g/other', 'g/last', 'g/end']);
    expect(results.map(({ check }) => check)).toEqual(steps.map(({ check }) => check.id));
    expect(results[0]?.check).toBe('g/single');
  });

  it('hands on what a check gives beside a warning', async () => {
    const first = check('g/first', () => warn('the gift', { code: 'doubtful', data: {} }));
    let seen: unknown;
    const second = check('g/second', () => pass(), {
      needs: { first },
      run: async (_, given) => {
        seen = given;
        return pass();
      },
    });
    expect(await verdicts([second])).toEqual({ 'g/first': 'warn', 'g/second': 'pass' });
    expect(seen).toEqual({ first: 'the gift' });
  });

  it('asks a check once, however many need it', async () => {
    let times = 0;
    const first = check('g/first', () => pass(++times));
    await verdicts([1, 2, 3].map((n) => check(`g/${n}`, () => pass(), { needs: { first } })));
    expect(times).toBe(1);
  });

  it('runs independent checks side by side, and no more of them than it may', async () => {
    let now = 0;
    let most = 0;
    const slow = async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 10));
      now -= 1;
      return pass();
    };
    await verdicts(
      Array.from({ length: 12 }, (_, n) => check(`g/${n}`, slow)),
      { width: 4 },
    );
    expect(most).toBe(4);
  });

  it('keeps plan order, whatever ends first', async () => {
    const late = check('g/late', () => new Promise<AnyOutcome>((resolve) => setTimeout(() => resolve(pass()), 20)));
    expect(Object.keys(await verdicts([late, check('g/early', () => pass())]))).toEqual(['g/late', 'g/early']);
  });

  it('calls a check that does not end inconclusive', async () => {
    const stuck = check('g/stuck', () => new Promise<AnyOutcome>(() => {}));
    const aborted = check('g/polite', () => pass(), {
      run: () =>
        new Promise((_, reject) => setTimeout(() => reject(new LockstepError('unreachable', 'gone', { exit: 3 })), 30)),
    });
    expect(await verdicts([aborted, stuck], { patience: 20 })).toEqual({
      'g/polite': 'inconclusive',
      'g/stuck': 'inconclusive',
    });
  });

  it('calls a deployment that cannot be reached inconclusive, never failed', async () => {
    const gone = check('g/gone', () => {
      throw new LockstepError('unreachable', 'http://x: connection refused', { exit: 3 });
    });
    expect(await verdicts([gone])).toEqual({ 'g/gone': 'inconclusive' });
  });

  it('does not hide a bug in a check', async () => {
    const buggy = check('g/bug', () => {
      throw new TypeError('x is not a function');
    });
    await expect(verdicts([buggy])).rejects.toThrow(TypeError);
  });

  it('starts nothing after it was interrupted', async () => {
    const interrupted = AbortSignal.abort('SIGINT');
    let ran = false;
    const first = check('g/first', () => {
      ran = true;
      return pass();
    });
    expect(await verdicts([first], { signal: interrupted })).toEqual({ 'g/first': 'inconclusive' });
    expect(ran).toBe(false);
  });
});

describe('a plan', () => {
  const first = check('session/first', () => pass());
  const second = check('token/second', () => pass(), { needs: { first } });
  const writer = check('isolation/writer', () => pass(), { impact: 'writes' });
  const ids = (only: string[]) =>
    plan([writer, second, first], target(), { only, consent: { writes: false, noise: false } }).map(
      ({ check }) => check.id,
    );

  it('holds what is asked for and what that needs, needs first', () => {
    expect(ids(['token'])).toEqual(['session/first', 'token/second']);
    expect(ids(['token/second'])).toEqual(['session/first', 'token/second']);
    expect(ids([])).toEqual(['isolation/writer', 'session/first', 'token/second']);
  });

  it('does not take a prefix of a name for a group', () => {
    expect(ids(['tok'])).toEqual([]);
  });

  it('bars what writes from production without consent', () => {
    const barred = (allowWrites: boolean) =>
      plan([writer], target({ production: true }), { only: [], consent: { writes: allowWrites, noise: true } })[0]
        ?.barred;
    expect(barred(false)).toContain('--allow-writes');
    expect(barred(true)).toBeNull();
  });

  it('bars what makes noise without consent, which its own name is on no production', () => {
    const noisy = check('ws/noisy', () => pass(), { impact: 'noisy' });
    const barred = (production: boolean, only: string[], noise: boolean) =>
      plan([noisy], target({ production }), { only, consent: { writes: true, noise } })[0]?.barred ?? null;
    expect(barred(false, [], false)).toContain('--allow-noisy');
    expect(barred(false, ['ws'], false)).toContain('--allow-noisy');
    expect(barred(false, ['ws/noisy'], false)).toBeNull();
    expect(barred(true, ['ws/noisy'], false)).toContain('counts as production');
    expect(barred(true, [], true)).toBeNull();
  });
});

describe('the exit code', () => {
  const result = (verdict: Result['verdict'], more: Partial<Result> = {}): Result => ({
    check: 'g/x',
    title: 'x',
    severity: 'high',
    core: true,
    asked: true,
    at: 0,
    verdict,
    ms: 0,
    findings: [],
    ...more,
  });
  const report = (
    results: Result[],
    more: { strict?: boolean; leftovers?: { what: string; seen: boolean }[] } = {},
  ) => ({
    command: 'check',
    target: target(),
    results,
    ms: 0,
    leftovers: [],
    strict: false,
    ...more,
  });

  it.each<[string, Result[], number]>([
    ['0 when all that was asked for holds', [result('pass'), result('warn'), result('skip')], 0],
    ['1 when anything failed', [result('pass'), result('fail'), result('inconclusive')], 1],
    ['3 when something stayed open', [result('pass'), result('inconclusive')], 3],
    ['3 when nothing ran', [], 3],
    ['3 when all was skipped', [result('skip'), result('skip')], 3],
    ['3 when only what others need passed', [result('pass', { asked: false }), result('skip')], 3],
  ])('is %s', (_, results, code) => {
    expect(exitCode(report(results))).toBe(code);
  });

  it('is 3 when no core check answered, whatever lies beside the flow', () => {
    expect(exitCode(report([result('skip'), result('pass', { core: false })]))).toBe(3);
    expect(exitCode(report([result('skip', { asked: false }), result('pass', { core: false })]))).toBe(0);
  });

  it('is 1 for a warning or a skipped core check under --strict', () => {
    expect(exitCode(report([result('pass'), result('warn')], { strict: true }))).toBe(1);
    expect(exitCode(report([result('pass'), result('skip')], { strict: true }))).toBe(1);
    expect(exitCode(report([result('pass'), result('skip', { core: false })], { strict: true }))).toBe(0);
  });

  it('is 3 when nobody could say whether something was left behind', () => {
    expect(outcome(report([result('pass')], { leftovers: [{ what: 'a task', seen: false }] }))).toBe('unfinished');
  });

  it('is 1 when something was left behind', () => {
    expect(outcome(report([result('pass')], { leftovers: [{ what: 'a task', seen: true }] }))).toBe('problems');
  });
});
