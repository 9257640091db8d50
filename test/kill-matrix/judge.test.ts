import { describe, expect, it } from 'vitest';
import { type ControlCase, controlCases, type FaultCase, faultCases, type TwinCase, twinCases } from './cases.js';
import { type Verdicts, verdictsOf } from './deployment.js';
import { type Golden, judgeControl, judgeFault, judgeTwin } from './judge.js';
import { runMatrix } from './matrix.js';
import { summary, whole } from './report.js';

const said = (verdicts: Record<string, string>): Verdicts =>
  Object.fromEntries(
    Object.entries(verdicts).map(([check, verdict]) => [check, { verdict, why: '', said: 'no owner' }]),
  );
const golden = (some: Partial<Golden> = {}): Golden => ({ faults: {}, twins: {}, controls: {}, ...some });

describe('a fault', () => {
  const fault: FaultCase = {
    kind: 'fault',
    id: 'F149',
    what: 'x',
    check: 'isolation/read',
    expect: 'fail',
    earlier: [],
    cause: /owner/,
    untold: null,
    deployment: { settings: {} },
    healthy: { settings: {} },
  };
  const healthy = said({ 'isolation/read': 'pass', 'isolation/list': 'pass', 'session/login': 'pass' });
  const judge = (planted: Record<string, string>, known: Golden = golden(), before = healthy) =>
    judgeFault(fault, before, { ...healthy, ...said(planted) }, known);

  it('is caught by its check, and by nothing else', () => {
    expect(judge({ 'isolation/read': 'fail' })).toMatchObject({ caught: true, wrong: [], got: 'fail' });
  });

  it.each(['pass', 'warn', 'skip', 'inconclusive'])('is not caught by %s', (verdict) => {
    const judged = judge({ 'isolation/read': verdict });
    expect(judged.caught).toBe(false);
    expect(judged.wrong).toHaveLength(1);
  });

  it('is not caught where the check says the same without it', () => {
    const judged = judge({ 'isolation/read': 'fail' }, golden(), { ...healthy, ...said({ 'isolation/read': 'fail' }) });
    expect(judged.caught).toBe(false);
    expect(judged.wrong.join()).toContain('without the fault, too');
  });

  it('is not caught by a check that did not run', () => {
    expect(judgeFault(fault, healthy, said({ 'session/login': 'pass' }), golden()).caught).toBe(false);
  });

  it('is caught by the check that its own needs, where that may see it first', () => {
    const early: FaultCase = { ...fault, earlier: ['session/login', 'isolation/list'] };
    const seen = (list: string, why: string) => ({
      ...healthy,
      'isolation/list': { verdict: list, why: '', said: 'no owner' },
      'isolation/read': { verdict: 'skip', why, said: '' },
    });
    const needs = 'needs isolation/list, which failed';
    expect(judgeFault(early, healthy, seen('fail', needs), golden())).toMatchObject({ caught: true, wrong: [] });
    expect(judgeFault(early, healthy, seen('inconclusive', needs), golden()).caught).toBe(false);
    expect(judgeFault(early, healthy, seen('fail', 'no second user is declared'), golden()).caught).toBe(false);
    expect(judgeFault(fault, healthy, seen('fail', needs), golden()).caught).toBe(false);
  });

  it('is named by the report of its check, or by nobody', () => {
    const caught = said({ 'isolation/read': 'fail', 'isolation/list': 'fail' });
    const silent = { ...caught, 'isolation/read': { verdict: 'fail', why: '', said: 'it answered 200' } };
    const known = golden({ faults: { F149: { 'isolation/list': 'fail' } } });
    expect(judgeFault(fault, healthy, caught, known)).toMatchObject({ named: true, wrong: [] });
    const judged = judgeFault(fault, healthy, silent, known);
    expect(judged).toMatchObject({ caught: true, named: false });
    expect(judged.wrong.join()).toContain('does not name the cause: it answered 200');
    const untold: FaultCase = { ...fault, untold: 'two mistakes answer alike' };
    expect(judgeFault(untold, healthy, silent, known)).toMatchObject({ named: false, wrong: [] });
    expect(judgeFault(untold, healthy, caught, known).wrong).toHaveLength(1);
    expect(judge({ 'isolation/read': 'pass' }).named).toBe(false);
  });

  it('may change nothing else that nobody has reviewed', () => {
    const also = { 'isolation/read': 'fail', 'isolation/list': 'fail' };
    expect(judge(also).wrong).toEqual(['isolation/list: fail, which nobody has reviewed']);
    expect(judge(also, golden({ faults: { F149: { 'isolation/list': 'fail' } } })).wrong).toEqual([]);
    expect(judge(also, golden({ faults: { F149: { 'isolation/list': 'warn' } } })).wrong).not.toEqual([]);
    expect(judge(also, golden({ faults: { F150: { 'isolation/list': 'fail' } } })).wrong).not.toEqual([]);
  });

  it('may change anything else where chance says what meets it, and only as reviewed', () => {
    const also = { 'isolation/read': 'fail', 'isolation/list': 'inconclusive' };
    expect(judge(also, golden({ faults: { F149: { '*': ['inconclusive'] } } })).wrong).toEqual([]);
    expect(judge(also, golden({ faults: { F149: { '*': ['skip'] } } })).wrong).toHaveLength(1);
    expect(
      judge(also, golden({ faults: { F149: { '*': ['inconclusive'], 'isolation/list': ['warn'] } } })).wrong,
    ).toHaveLength(1);
  });

  it('must still change what was reviewed, unless it may or may not', () => {
    const only = { 'isolation/read': 'fail' };
    expect(judge(only, golden({ faults: { F149: { 'isolation/list': 'fail' } } })).wrong).toHaveLength(1);
    expect(judge(only, golden({ faults: { F149: { 'isolation/list': ['fail'] } } })).wrong).toEqual([]);
  });

  it('may have a check skipped for want of another one, and for no other reason', () => {
    const planted = (why: string) => ({
      ...healthy,
      'isolation/read': { verdict: 'fail', why: '', said: 'no owner' },
      'isolation/list': { verdict: 'skip', why, said: '' },
    });
    const wrong = (why: string) => judgeFault(fault, healthy, planted(why), golden()).wrong;
    expect(wrong('needs isolation/read, which failed')).toEqual([]);
    expect(wrong('no second user is declared')).toHaveLength(1);
  });
});

describe('a healthy twin', () => {
  const twin = twinCases[0] as TwinCase;
  const judge = (verdicts: Record<string, string>, known: Golden = golden()) =>
    judgeTwin(twin, said({ 'session/login': 'pass', ...verdicts }), known).wrong;

  it('may skip and pass', () => expect(judge({ 'token/fetch': 'skip' })).toEqual([]));
  it.each(['fail', 'inconclusive', 'warn'])('may not %s', (verdict) =>
    expect(judge({ 'token/fetch': verdict })).toHaveLength(1),
  );
  it('must warn as reviewed', () => {
    const known = golden({ twins: { [twin.id]: { 'token/fetch': 'warn' } } });
    expect(judge({ 'token/fetch': 'warn' }, known)).toEqual([]);
    expect(judge({ 'token/fetch': 'pass' }, known)).toHaveLength(1);
  });
  it('must pass something', () => expect(judge({ 'session/login': 'skip' })).toHaveLength(1));
});

describe('a broken control', () => {
  const control = controlCases[0] as ControlCase;
  const judge = (verdicts: Record<string, string>, known: Golden = golden()) =>
    judgeControl(control, said(verdicts), known).wrong;

  it('leaves checks silent', () => expect(judge({ 'a/b': 'skip', 'c/d': 'inconclusive' })).toEqual([]));
  it.each(['pass', 'fail', 'warn'])('may not %s', (verdict) => expect(judge({ 'a/b': verdict })).toHaveLength(1));
  it('leaves alone what does not need it', () => {
    const known = golden({ controls: { [control.id]: { 'a/b': 'pass' } } });
    expect(judge({ 'a/b': 'pass' }, known)).toEqual([]);
    expect(judge({ 'a/b': 'skip' }, known)).toHaveLength(1);
  });
  it('was really run', () => expect(judge({})).toHaveLength(1));
});

describe('the cases', () => {
  it('are all faults, twins and controls', () => {
    expect(faultCases.length).toBeGreaterThan(40);
    expect(twinCases.length).toBeGreaterThan(10);
    expect(controlCases.length).toBe(5);
    expect(new Set([...faultCases, ...twinCases, ...controlCases].map(({ id }) => id)).size).toBe(
      faultCases.length + twinCases.length + controlCases.length,
    );
  });

  it('make no whole matrix where there are none', () => {
    expect(whole({ faults: [], twins: [], controls: [], unchecked: [], skipped: [], cut: 0 })).toBe(false);
  });
});

describe('a matrix that somebody ends', () => {
  const ground = (signal: AbortSignal) => ({
    databases: [],
    wire: null,
    quickPasswords: true,
    shuffle: () => {},
    signal,
  });

  it('tells what came to its end, and how many were cut', async () => {
    const stop = new AbortController();
    const told: string[] = [];
    const cases = { faults: [], twins: [], controls: controlCases };
    const look: typeof verdictsOf = async (deployment) => {
      if (deployment === controlCases[2]?.deployment) stop.abort('SIGINT');
      stop.signal.throwIfAborted();
      return said({ 'a/b': 'skip' });
    };
    const matrix = await runMatrix(cases, ground(stop.signal), golden(), 1, ({ id }) => told.push(id), look);
    expect(told).toEqual(controlCases.slice(0, 2).map(({ id }) => id));
    expect(summary(matrix)).toBe(
      'faults caught 0/0, causes named 0/0, false alarms 0/0, controls mistaken 0/2, 3 cut short, of which nothing is said',
    );
  });

  it('is not whole, however well all else went', () => {
    const good = { id: 'x', wrong: [], also: {} };
    const fault = {
      fault: faultCases[0] as FaultCase,
      judged: { ...good, got: 'fail', caught: true, named: true, said: '' },
    };
    const twin = { twin: twinCases[0] as TwinCase, judged: good };
    const of = (cut: number) =>
      whole({ faults: [fault], twins: [twin], controls: [], unchecked: [], skipped: [], cut });
    expect([of(0), of(1)]).toEqual([true, false]);
  });

  it('ends by what goes wrong otherwise', async () => {
    const look = () => Promise.reject(new Error('out of order'));
    const cases = { faults: [], twins: [], controls: controlCases };
    const never = new AbortController().signal;
    await expect(runMatrix(cases, ground(never), golden(), 1, () => {}, look)).rejects.toThrow('out of order');
  });

  it('has no verdicts of a run that went on while it was ended', async () => {
    const stop = new AbortController();
    const bend = async () => {
      stop.abort('SIGINT');
      return { config: (text: string) => text.replaceAll(/localhost:\d+/g, '127.0.0.1:1') };
    };
    await expect(verdictsOf({ settings: {}, bend }, ground(stop.signal))).rejects.toBe('SIGINT');
  });
});

describe('the causes', () => {
  it('are found in no report that says only what was answered', () => {
    const bland = ['', 'something is wrong', 'http://localhost:8000/api/me answered 200', 'read the log'];
    const fitting = faultCases.filter(({ cause }) => bland.some((text) => cause.test(text)));
    expect(fitting.map(({ id }) => id)).toEqual([]);
  });

  it('keep no place between two reports', () => {
    expect(faultCases.filter(({ cause }) => /[gy]/.test(cause.flags))).toEqual([]);
  });
});
