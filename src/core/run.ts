import type { AnyCheck, AnyOutcome, Problem, ProblemSpecs } from './check.js';
import { LockstepError } from './errors.js';
import type { Finding } from './finding.js';
import { fill } from './finding.js';
import type { Lane } from './lanes.js';
import { lanes } from './lanes.js';
import type { Step } from './plan.js';
import type { Probe } from './probe.js';
import type { Result } from './report.js';
import { about } from './report.js';
import type { Noted } from './reproduce.js';
import { curl, exchangeOf } from './reproduce.js';

export interface RunOptions {
  /** how many checks may run side by side */
  readonly width: number;
  /** milliseconds for one check */
  readonly patience: number;
  /** ends the run: what has not finished becomes inconclusive, for the reason that a LockstepError as its reason gives */
  readonly signal: AbortSignal;
  /** the probe of a check; its exchanges end when `signal` is aborted, and are told to `note`, what is lost to `lost` */
  readonly probe: (
    signal: AbortSignal,
    note: (exchange: Noted) => void,
    check: AnyCheck,
    lost: (url: string) => void,
  ) => Probe | Promise<Probe>;
  /**
   * which part of the deployment is not there any more, by what was lost, in words; null where all of it is. `good`: a part
   * that only crashes does not count as there
   */
  readonly gone?: (urls: readonly string[], good: boolean, signal: AbortSignal) => Promise<string | null>;
  readonly monotonic: () => number;
  /** when the run began, by that clock; now, unless something was done before */
  readonly began?: number;
  /** calls back after so many milliseconds; returns what cancels it */
  readonly timer: (ms: number, callback: () => void) => () => void;
  /** why a check may not run after all, by what those that it needs have given: it is then skipped */
  readonly bars?: (check: AnyCheck, given: Readonly<Record<string, unknown>>) => string | null;
  readonly onStart?: (check: AnyCheck) => void;
  readonly onResult?: (result: Result) => void;
  readonly onExchange?: (check: AnyCheck, exchange: Noted) => void;
}

/** what a check is remembered by, the last of it */
const mostExchanges = 200;

type Ending = { result: Result; gift?: { value: unknown }; exchanges: readonly Noted[] };

/**
 * Runs a plan: each check as soon as what it needs has given, independent ones side by side, first those that most has to
 * follow. Results come back in plan order. Nothing that a deployment does makes this throw; a bug in a check does, and ends the run.
 */
export async function run(steps: readonly Step[], options: RunOptions): Promise<Result[]> {
  const began = options.began ?? options.monotonic();
  const since = () => Math.round(options.monotonic() - began);
  const endings = new Map<AnyCheck, Promise<Ending>>();
  const lane = lanes(options.width);
  for (const step of longestFirst(steps).filter(({ check }) => check.alone !== true)) {
    endings.set(step.check, settle(step, endings, lane, options, since));
  }
  const others = Promise.allSettled(endings.values());
  const single = lanes(1);
  for (const step of steps.filter(({ check }) => check.alone === true)) {
    const last: Lane = (work) => others.then(() => single(work));
    endings.set(step.check, settle(step, endings, last, options, since));
  }
  const ended = await Promise.all(steps.map(({ check }) => endings.get(check) as Promise<Ending>));
  return ended.map(({ result }) => result);
}

/** By how many checks follow one from the other, the longest chain first: each still comes after what it needs. */
function longestFirst(steps: readonly Step[]): readonly Step[] {
  const heights = new Map<AnyCheck, number>();
  const height = (check: AnyCheck) => heights.get(check) ?? 0;
  for (const { check, after } of steps.toReversed()) {
    for (const needed of after) heights.set(needed, Math.max(height(needed), height(check) + 1));
  }
  return steps.toSorted((one, other) => height(other.check) - height(one.check));
}

async function settle(
  step: Step,
  endings: ReadonlyMap<AnyCheck, Promise<Ending>>,
  lane: Lane,
  options: RunOptions,
  since: () => number,
): Promise<Ending> {
  const { check, after, asked } = step;
  const conclude = (result: Omit<Result, keyof ReturnType<typeof about> | 'asked' | 'at'>, at = since()): Ending => {
    const whole: Result = { ...about(check), asked, at, ...result };
    options.onResult?.(whole);
    return { result: whole, exchanges: [] };
  };
  const needed = await Promise.all(after.map((other) => endings.get(other) as Promise<Ending>));
  const missing = needed.find(({ gift }) => gift === undefined);
  if (missing !== undefined) {
    return conclude({
      verdict: 'skip',
      ms: 0,
      findings: [],
      because: `needs ${missing.result.check}, which ${words[missing.result.verdict]}`,
    });
  }
  if (step.barred !== null) return conclude({ verdict: 'skip', ms: 0, findings: [], because: step.barred });
  return lane(async () => {
    if (options.signal.aborted)
      return conclude({ verdict: 'inconclusive', ms: 0, findings: [], because: whyEnded(options.signal, 'before it') });
    const given = Object.fromEntries(Object.keys(check.needs ?? {}).map((name, i) => [name, needed[i]?.gift?.value]));
    const barred = options.bars?.(check, given) ?? null;
    if (barred !== null) return conclude({ verdict: 'skip', ms: 0, findings: [], because: barred });
    options.onStart?.(check);
    const began = options.monotonic();
    const at = since();
    const exchanges: Noted[] = [];
    const note = (exchange: Noted) => {
      options.onExchange?.(check, exchange);
      if (exchanges.push(exchange) > mostExchanges) exchanges.shift();
    };
    const outcome = await believed(check, options, (lost) => attempt(check, given, options, { note, lost }));
    const ms = Math.round(options.monotonic() - began);
    if (outcome.kind === 'skipped')
      return conclude({ verdict: 'skip', ms, findings: [], because: outcome.because }, at);
    if (outcome.kind === 'inconclusive')
      return conclude({ verdict: 'inconclusive', ms, findings: [], because: outcome.because }, at);
    // an answer may be judged by another check than the one that asked
    const earlier = needed.flatMap((each) => each.exchanges);
    const findings = outcome.problems.map((each) => finding(check, each, [exchanges, earlier]));
    const verdict = outcome.kind === 'failed' ? 'fail' : findings.length > 0 ? 'warn' : 'pass';
    const ending = conclude({ verdict, ms, findings }, at);
    const gives = outcome.kind === 'passed' || 'gives' in outcome;
    return gives ? { ...ending, exchanges, gift: { value: outcome.gives } } : ending;
  });
}

const words = {
  pass: 'gave nothing',
  warn: 'gave nothing',
  fail: 'failed',
  skip: 'was skipped',
  inconclusive: 'was inconclusive',
} as const;

/**
 * What a check says of a deployment that is there. A verdict under which something was lost is none until what lost it
 * answers again: a deployment that goes away is no finding, and has refused nothing. Then the check asks once more, for it
 * may have been away for a moment; what is lost again is how the deployment answers.
 */
async function believed(
  { problems }: AnyCheck,
  { gone, signal }: RunOptions,
  ask: (lost: (url: string) => void) => Promise<AnyOutcome>,
): Promise<AnyOutcome> {
  const once = async () => {
    const urls: string[] = [];
    const outcome = await ask((url) => void urls.push(url));
    const ruled = outcome.kind === 'passed' || outcome.kind === 'failed';
    if (!ruled || urls.length === 0 || gone === undefined) return { outcome, sure: true };
    const why = await gone(urls, outcome.kind === 'passed', signal);
    if (why === null) return { outcome, sure: false };
    const seen = outcome.problems.map(({ code, data }) => fill((problems as ProblemSpecs)[code]?.text ?? code, data));
    const because = [`it went away meanwhile: ${why}`, ...seen.map((text) => `seen before: ${text}`)].join('; ');
    return { outcome: { kind: 'inconclusive', because } satisfies AnyOutcome, sure: true };
  };
  const first = await once();
  return first.sure ? first.outcome : (await once()).outcome;
}

async function attempt(
  check: AnyCheck,
  given: Readonly<Record<string, unknown>>,
  options: RunOptions,
  { note, lost }: { readonly note: (exchange: Noted) => void; readonly lost: (url: string) => void },
): Promise<AnyOutcome> {
  const deadline = new AbortController();
  const cancel = options.timer(options.patience, () => deadline.abort());
  const signal = AbortSignal.any([options.signal, deadline.signal]);
  const work = async () => check.run(await options.probe(signal, note, check, lost), given);
  try {
    return await Promise.race([work(), ended(signal)]);
  } catch (error) {
    if (options.signal.aborted) return { kind: 'inconclusive', because: whyEnded(options.signal, 'meanwhile') };
    if (deadline.signal.aborted)
      return { kind: 'inconclusive', because: `it did not end within ${options.patience / 1000} s` };
    if (error instanceof LockstepError) return { kind: 'inconclusive', because: error.message };
    throw error;
  } finally {
    cancel();
    // whatever it left open ends with it
    deadline.abort();
  }
}

function whyEnded({ reason }: AbortSignal, when: string): string {
  return reason instanceof LockstepError ? reason.message : `the run was ended ${when}`;
}

/** Never resolves; rejects when the signal is aborted, whatever the check does with it. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason);
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}

/** `sources`: the exchanges that it may be about, those of the check itself first. */
function finding(check: AnyCheck, { code, data }: Problem, sources: readonly (readonly Noted[])[]): Finding {
  const spec = (check.problems as ProblemSpecs)[code];
  if (spec === undefined) throw new Error(`${check.id} returned the unknown problem ${code}`);
  const about = sources.map((exchanges) => exchangeOf(data, exchanges)).find((found) => found !== undefined);
  const reproduce = about === undefined ? null : curl(about);
  return {
    code: `${check.id}.${code}`,
    level: spec.level,
    text: fill(spec.text, data),
    ...(spec.hint === undefined ? {} : { hint: fill(spec.hint, data) }),
    data,
    ...(reproduce === null ? {} : { reproduce }),
  };
}
