import { describe, expect, it } from 'vitest';
import type { AnyCheck, Check, Given, Needs, ProblemSpec, ProblemSpecs } from '../../src/core/check.js';
import { LockstepError } from '../../src/core/errors.js';
import type { Material } from '../../src/core/material.js';
import { noMaterial } from '../../src/core/material.js';
import type { Undo } from '../../src/core/probe.js';
import type { Result } from '../../src/core/report.js';
import { run } from '../../src/core/run.js';
import type { Target } from '../../src/core/target.js';
import { createProbe, usualLongest } from '../../src/io/probe.js';
import { target as everything } from './deployment.js';
import type { Script, ScriptedNet, SocketScript } from './fake-world.js';
import { fakeWorld } from './fake-world.js';

/** A deployment in words and answers: what it does, and nothing else. */
export interface Case {
  readonly http?: Script;
  readonly socket?: SocketScript;
  readonly net?: ScriptedNet;
  readonly target?: Partial<Target>;
  readonly material?: Partial<Material>;
  /** milliseconds that the check may let pass, 10,000 unless given */
  readonly longest?: number;
  /** gifts that differ from those of the specification */
  readonly given?: Readonly<Record<string, unknown>>;
  /** what stays on the deployment although the check has promised to take it back */
  readonly leaves?: true;
  /** the same check with a flaw in the part that it judges, lockstep's own client say */
  readonly instead?: AnyCheck;
}
type Cases = Readonly<Record<string, Case>>;

export interface Specification<P extends ProblemSpecs, N extends Needs> {
  /** what the checks that it needs have given */
  readonly given?: Given<N>;
  readonly passes: Cases;
  /** one entry a problem: a problem without a deployment that shows it does not compile */
  readonly reports: { readonly [C in keyof P]: Cases };
  readonly skips?: Cases;
  readonly inconclusive?: Cases;
}

/** The specification of a check as tests: each case is run by the real runner and the real probe. */
export function describeCheck<G, P extends ProblemSpecs, N extends Needs>(
  check: Check<G, P, N>,
  spec: Specification<P, N>,
) {
  describe(check.id, () => {
    each(spec.passes, 'passes when', async (ran) => {
      expect(await ran()).toMatchObject({ verdict: 'pass', findings: [] });
    });
    for (const [code, cases] of Object.entries(spec.reports) as [string, Cases][]) {
      each(cases, `reports ${code} when`, async (ran) => {
        const { verdict, findings, because } = await ran();
        const { level } = check.problems[code] as ProblemSpec;
        // nothing but this problem, however often
        expect([...new Set(findings.map((finding) => finding.code))], because).toEqual([`${check.id}.${code}`]);
        expect(verdict).toBe(level);
        for (const { text, hint = '' } of findings)
          expect(`${text}${hint}`, 'evidence is missing').not.toMatch(/\{\w+\}/);
      });
    }
    each(spec.skips ?? {}, 'is skipped when', async (ran) => {
      expect(await ran()).toMatchObject({ verdict: 'skip', because: expect.any(String) });
    });
    each(spec.inconclusive ?? {}, 'says nothing when', async (ran) => {
      expect(await ran()).toMatchObject({ verdict: 'inconclusive', because: expect.any(String) });
    });
  });

  function each(cases: Cases, words: string, test: (ran: () => Promise<Result>) => Promise<void>) {
    if (words.startsWith('reports') && Object.keys(cases).length === 0)
      throw new Error(`${check.id}: nothing ${words}`);
    for (const [name, deployment] of Object.entries(cases)) it(`${words} ${name}`, () => test(() => ask(deployment)));
  }

  async function ask({
    http = {},
    socket,
    net,
    target = {},
    material = {},
    longest = usualLongest,
    leaves,
    instead,
    given: own,
  }: Case) {
    const world = fakeWorld({
      timeless: true,
      script: http,
      ...(socket === undefined ? {} : { socket }),
      ...(net === undefined ? {} : { net }),
    });
    const undo: Undo[] = [];
    const given = {
      target: everything(target),
      world,
      material: { ...noMaterial, ...material },
      longest,
      journal: await world.journals.open('0123456789', { name: '', auth: '', api: null, tokenRoute: '' }),
      run: '0123456789',
      learn: () => {},
    };
    const alone = {
      ...check,
      needs: {},
      run: (probe: Parameters<typeof check.run>[0]) =>
        (instead ?? check).run(probe, { ...spec.given, ...own } as Given<N>),
    };
    const [result] = await run([{ check: alone, after: [], barred: null, asked: true }], {
      width: 1,
      patience: 60_000,
      signal: world.interrupted,
      monotonic: world.monotonic,
      timer: world.timer,
      probe: (signal) => createProbe({ ...given, undo }, signal),
    });
    const left = [];
    for (const action of undo.toReversed()) {
      const later = createProbe({ ...given, undo: [] }, world.interrupted);
      await action(later).catch((error: unknown) => {
        if (!(error instanceof LockstepError)) throw error;
        left.push(error.message);
      });
    }
    expect(left.length > 0, 'something is left behind').toBe(leaves === true);
    return result as Result;
  }
}
