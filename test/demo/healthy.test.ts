import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Demo, DemoOptions } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { lockstep } from '../support/bin.js';

let demo: Demo | undefined;
afterEach(async () => {
  await demo?.stop();
  demo = undefined;
});

async function verdictsOf(
  options: Partial<DemoOptions>,
  flags: readonly string[] = [],
): Promise<Record<string, string>> {
  // a stream takes its time, so that a busy machine does not make one piece of it
  demo = await startDemo({ trust: 'jwks', socketAuth: 'query', faults: [], pace: 100, ...options });
  const { out } = await lockstep(['check', '--json', '--config', demo.configFile, ...flags], {
    env: {
      LOCKSTEP_A_PASSWORD: demo.users.a.password.reveal(),
      LOCKSTEP_B_PASSWORD: demo.users.b.password.reveal(),
      LOCKSTEP_DATABASE: demo.database.reveal(),
      LOCKSTEP_ACCESS_LOG: join(demo.folder, 'edge', 'access.log'),
    },
  });
  const { results } = JSON.parse(out) as { results: { check: string; verdict: string }[] };
  return Object.fromEntries(results.map(({ check, verdict }) => [check, verdict]));
}

/** What a run does not ask of a healthy demo: what makes noise or takes time, what edges and other sockets have. */
function idle({ socketAuth, trust }: Pick<DemoOptions, 'socketAuth' | 'trust'>): string[] {
  return [
    ...(trust === 'jwks' ? ['secret/files-agree'] : []),
    'config/client-ip-known',
    'refresh/stream-survives-token-expiry',
    'transport/edge-passes-upgrade',
    'transport/no-cleartext-credentials',
    'transport/tls-valid',
    'ws/frame-limits',
    'ws/handshake-limited',
    ...(socketAuth === 'message' ? [] : ['ws/nothing-before-auth', 'ws/unauthenticated-socket-times-out']),
    ...(socketAuth === 'subprotocol' ? [] : ['ws/subprotocol-sane']),
    ...(socketAuth === 'query' ? ['ws/token-not-in-url'] : []),
  ];
}

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
      ([check, verdict]) =>
        verdict !== 'pass' && stock[check] !== verdict && !(verdict === 'skip' && idle(options).includes(check)),
    );
    expect(unusual).toEqual([]);
    expect(Object.keys(verdicts).length).toBeGreaterThanOrEqual(9);
  });
});
