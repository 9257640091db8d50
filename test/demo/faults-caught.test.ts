import { checks } from 'virtual:checks';
import { afterEach, describe, expect, it } from 'vitest';
import type { Demo, DemoOptions } from '../../src/demo/demo.js';
import { startDemo } from '../../src/demo/demo.js';
import type { FaultId } from '../../src/demo/faults.js';
import { faults } from '../../src/demo/faults.js';
import { lockstep } from '../support/bin.js';

let demo: Demo | undefined;
afterEach(async () => {
  await demo?.stop();
  demo = undefined;
});

async function verdictsOf(options: Partial<DemoOptions>): Promise<Record<string, string>> {
  demo = await startDemo({ trust: 'jwks', socketAuth: 'query', faults: [], ...options });
  const { out } = await lockstep(['check', '--json', '--config', demo.configFile], {
    env: {
      LOCKSTEP_A_PASSWORD: demo.users.a.password.reveal(),
      LOCKSTEP_B_PASSWORD: demo.users.b.password.reveal(),
      LOCKSTEP_DATABASE: demo.database.reveal(),
    },
  });
  const { results } = JSON.parse(out) as { results: { check: string; verdict: string }[] };
  return Object.fromEntries(results.map(({ check, verdict }) => [check, verdict]));
}

/** Needs a token that is really expired, which takes a secret, a database or a quarter of an hour to have. */
const beyond: readonly FaultId[] = ['F119'];

/** a fault waits in the list for the check that is to find it */
const checked = faults.filter(({ id, check }) => !beyond.includes(id) && checks.some((one) => one.id === check));

describe('each planted fault is found by the check whose job it is', () => {
  it.each(checked)('$id: $what', async ({ id, check, expect: owed, ...fault }) => {
    const trust = 'trust' in fault ? fault.trust : 'jwks';
    const verdicts = await verdictsOf({ faults: [id], trust });
    expect(verdicts[check]).toBe(owed);
  });
});

/** What a stock Better Auth is told all the same. */
const stock: Readonly<Record<string, string>> = {
  'token/claims-sane': 'warn',
  'session/session-responses-not-cacheable': 'warn',
  'session/signout-cookie-cache': 'skip',
  'session/login-rate-limited': 'skip',
};

describe('a healthy deployment has no finding', () => {
  it.each([
    { trust: 'jwks', socketAuth: 'query' },
    { trust: 'jwks', socketAuth: 'subprotocol' },
    { trust: 'shared-secret', socketAuth: 'header' },
    { trust: 'shared-secret', socketAuth: 'message' },
  ] as const)('trust $trust, socket auth $socketAuth', async (options) => {
    const verdicts = await verdictsOf(options);
    const unusual = Object.entries(verdicts).filter(
      ([check, verdict]) => verdict !== 'pass' && stock[check] !== verdict,
    );
    expect(unusual).toEqual([]);
    expect(Object.keys(verdicts).length).toBeGreaterThanOrEqual(9);
  });
});
