import { describe, expect, it } from 'vitest';
import { calledOtherwise } from '../../src/commands/called-otherwise.js';
import { defineCheck, pass } from '../../src/core/check.js';
import type { PlanOptions } from '../../src/core/plan.js';
import { plan } from '../../src/core/plan.js';
import type { Probe } from '../../src/core/probe.js';
import { run } from '../../src/core/run.js';
import { target } from '../support/deployment.js';

const no = { writes: false, noise: false };
const writing = { impact: 'writes' } as const;
const given = (iss: unknown) => ({ token: { claims: { iss } } });
const here = { production: false };

describe('a deployment at an address of this machine', () => {
  it.each(['https://app.example.com', 'https://app.example.com/api/auth', 'https://203.0.113.9'])(
    'that calls itself %s counts as production for what writes',
    (iss) => {
      const why = calledOtherwise(writing, given(iss), here, no);
      expect(why).toContain(`calls itself ${new URL(iss).origin}, which counts as production`);
      expect(why).toContain('--allow-writes consents, --no-production says');
      expect(calledOtherwise({ impact: 'noisy' }, given(iss), here, no)).toContain('--allow-noisy consents');
      expect(calledOtherwise({ impact: 'reads' }, given(iss), here, no)).toBeNull();
    },
  );

  it.each([
    'http://localhost:3000',
    'https://localhost:3000',
    'https://app.localhost',
    'https://[::1]:8443',
    'https://10.0.0.7',
    'https://app.example.test',
    'http://app.example.com',
    'https://frontend',
    'my-app',
    'https://',
    undefined,
    7,
  ])('that calls itself %j does not', (iss) => {
    expect(calledOtherwise(writing, given(iss), here, no)).toBeNull();
  });

  it('is what somebody says it is, and consent is consent', () => {
    const open = given('https://app.example.com');
    expect(calledOtherwise(writing, open, { ...here, vouched: true }, no)).toBeNull();
    expect(calledOtherwise(writing, open, here, { ...no, writes: true })).toBeNull();
    expect(calledOtherwise(writing, {}, here, no)).toBeNull();
    // the plan has ruled on it already
    expect(calledOtherwise(writing, open, { production: true }, no)).toBeNull();
  });

  it('is not written to: the check never begins, and says why', async () => {
    let begun = 0;
    const common = { severity: 'high', problems: {} } as const;
    const token = defineCheck({
      ...common,
      id: 'token/fetch',
      title: 'gives a token',
      impact: 'reads',
      run: async () => pass({ claims: { iss: 'https://app.example.com' } }),
    });
    const writes = defineCheck({
      ...common,
      id: 'isolation/read',
      title: 'writes',
      impact: 'writes',
      needs: { token },
      async run() {
        begun += 1;
        return pass();
      },
    });
    const options: PlanOptions = { only: [], consent: no };
    const results = (bars: boolean) =>
      run(plan([token, writes], target(), options), {
        width: 2,
        patience: 1_000,
        signal: new AbortController().signal,
        monotonic: () => 0,
        timer: () => () => {},
        probe: () => ({}) as Probe,
        ...(bars ? { bars: (check, gifts) => calledOtherwise(check, gifts, here, no) } : {}),
      });
    expect((await results(true)).map(({ verdict, because }) => [verdict, because])).toEqual([
      ['pass', undefined],
      ['skip', expect.stringContaining('calls itself https://app.example.com')],
    ]);
    expect(begun).toBe(0);
    expect((await results(false)).map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    expect(begun).toBe(1);
  });
});
