import { checks } from 'virtual:checks';
import { lanes } from '../../src/core/lanes.js';
import { findPython } from '../../src/demo/python/interpreter.js';
import { type ControlCase, controlCases, type FaultCase, faultCases, type TwinCase, twinCases } from './cases.js';
import { type Deployment, type Ground, type Verdicts, verdictsOf } from './deployment.js';
import {
  type Golden,
  type Judged,
  type JudgedFault,
  judgeCause,
  judgeControl,
  judgeFault,
  judgeTwin,
} from './judge.js';

export interface Cases {
  readonly faults: readonly FaultCase[];
  readonly twins: readonly TwinCase[];
  readonly controls: readonly ControlCase[];
}

export interface Matrix {
  readonly faults: readonly { readonly fault: FaultCase; readonly judged: JudgedFault }[];
  readonly twins: readonly { readonly twin: TwinCase; readonly judged: Judged }[];
  readonly controls: readonly { readonly control: ControlCase; readonly judged: Judged }[];
  /** faults whose check does not exist: nobody can catch them yet */
  readonly unchecked: readonly FaultCase[];
  /** twins that this machine cannot build, and why */
  readonly skipped: readonly { readonly twin: TwinCase; readonly because: string }[];
  /** how many cases were not run to their end, because somebody asked to stop */
  readonly cut: number;
}

const exists = ({ check }: FaultCase) => checks.some(({ id }) => id === check);

/** Every case there is, but for those that `only` leaves out by their ids. */
export function allCases(only: readonly string[] = []): Cases {
  const wanted = ({ id }: { readonly id: string }) => only.length === 0 || only.includes(id);
  return {
    faults: faultCases.filter(wanted),
    twins: twinCases.filter(wanted),
    controls: controlCases.filter(wanted),
  };
}

const sampled = 12;

/** A dozen faults of as many checks as there are on the plainest deployment, four twins, two controls: a minute and not ten. */
export function sampleCases(): Cases {
  const plain = faultCases.filter((fault) => exists(fault) && sameStart(fault.healthy) === sameStart({ settings: {} }));
  const isFirst = (fault: FaultCase) => plain.find(({ check }) => check === fault.check) === fault;
  const firsts = plain.filter(isFirst);
  const others = plain.filter((fault) => !isFirst(fault));
  const step = Math.max(1, firsts.length / sampled);
  const spread = firsts.filter((_, n) => Math.floor(n / step) !== Math.floor((n - 1) / step));
  return {
    faults: [...spread, ...others].slice(0, sampled),
    twins: twinCases.filter(({ id }) => ['H01', 'H03', 'H06', 'H12'].includes(id)),
    controls: controlCases.filter(({ id }) => ['wrong-me', 'wrong-socket'].includes(id)),
  };
}

/** Runs all cases, `jobs` deployments at a time, and judges each that comes to its end. `tell` hears of each as it comes. */
export async function runMatrix(
  cases: Cases,
  ground: Ground,
  golden: Golden,
  jobs: number,
  tell: (judged: Judged) => void,
  look = verdictsOf,
): Promise<Matrix> {
  const turn = lanes(jobs);
  const once = new Map<string, Promise<Verdicts>>();
  const begun: Promise<unknown>[] = [];
  const run = (deployment: Deployment) => {
    const verdicts = turn(() => look(deployment, ground));
    begun.push(verdicts);
    return verdicts;
  };
  /** a healthy deployment serves all faults that are planted in one like it */
  const healthy = (deployment: Deployment) => {
    const key = sameStart(deployment);
    const known = once.get(key) ?? run(deployment);
    once.set(key, known);
    return known;
  };
  const told = <T extends Judged>(judged: T): T => {
    tell(judged);
    return judged;
  };
  const noPython = await findPython().then(
    () => null,
    (error: Error) => error.message,
  );
  const needsPython = ({ deployment }: TwinCase) => deployment.settings.backend === 'python';
  const skipped = noPython === null ? [] : cases.twins.filter(needsPython).map((twin) => ({ twin, because: noPython }));
  let cut = 0;
  /** those that came to their end */
  const ended = async <T>(judging: readonly Promise<T>[]): Promise<T[]> => {
    const each = judging.map((one) =>
      one.then(
        (judged) => [judged],
        (error) => {
          if (!ground.signal.aborted) throw error;
          cut += 1;
          return [];
        },
      ),
    );
    return (await Promise.all(each)).flat();
  };
  const judged = Promise.all([
    ended(
      cases.faults.filter(exists).map(async (fault) => {
        const [before, planted] = await Promise.all([healthy(fault.healthy), run(fault.deployment)]);
        return { fault, judged: told(judgeFault(fault, before, planted, golden)) };
      }),
    ),
    ended(
      cases.twins
        .filter((twin) => !skipped.some((one) => one.twin === twin))
        .map(async (twin) => ({ twin, judged: told(judgeTwin(twin, await run(twin.deployment), golden)) })),
    ),
    ended(
      cases.controls.map(async (control) => {
        return { control, judged: told(judgeControl(control, await run(control.deployment), golden)) };
      }),
    ),
  ]);
  // whoever ends it early waits for what runs: its database is stopped next
  const [faults, twins, controls] = await judged.finally(() => Promise.allSettled(begun));
  return { faults, twins, controls, skipped, cut, unchecked: cases.faults.filter((fault) => !exists(fault)) };
}

/** Each fault before the check that owes it a verdict, and what that one needs: enough for the words of a report. */
export async function runCauses(
  faults: readonly FaultCase[],
  ground: Ground,
  jobs: number,
  tell: (judged: Judged) => void,
): Promise<Matrix['faults']> {
  const turn = lanes(jobs);
  const looks = faults.filter(exists).map(async (fault) => {
    const judged = judgeCause(fault, await turn(() => verdictsOf({ ...fault.deployment, only: fault.check }, ground)));
    tell(judged);
    return { fault, judged };
  });
  const ended = await Promise.allSettled(looks);
  return ended.flatMap((one) => {
    if (one.status === 'fulfilled') return [one.value];
    if (!ground.signal.aborted) throw one.reason;
    return [];
  });
}

function sameStart({ settings, wait }: Deployment): string {
  const { trust = 'jwks', socketAuth = 'query', edge = null, production = false, basePath = null } = settings;
  return JSON.stringify([trust, socketAuth, edge, production, basePath, wait ?? null]);
}
