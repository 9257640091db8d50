import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Demo, DemoOptions } from '../../src/demo/contract.js';
import { type Fault, type FaultId, faults } from '../../src/demo/faults.js';
import { layoutOf } from '../../src/demo/layout.js';
import { type Twin, type TwinId, twins } from '../../src/demo/twins.js';
import { causes, untold } from './causes.js';
import type { Bent, Deployment } from './deployment.js';

export interface FaultCase {
  readonly kind: 'fault';
  readonly id: FaultId;
  readonly what: string;
  readonly check: string;
  readonly expect: string;
  /** checks that the named one needs, and that may see the fault before it */
  readonly earlier: readonly string[];
  /** what the report of that check says where it names the cause */
  readonly cause: RegExp;
  /** why the cause cannot be told from outside; null where it can */
  readonly untold: string | null;
  readonly deployment: Deployment;
  /** the same deployment without the fault */
  readonly healthy: Deployment;
}

export interface TwinCase {
  readonly kind: 'twin';
  readonly id: TwinId;
  readonly what: string;
  readonly deployment: Deployment;
}

/** A deployment of which a part is broken, so that nothing can be said about it. */
export interface ControlCase {
  readonly kind: 'control';
  readonly id: string;
  readonly what: string;
  readonly deployment: Deployment;
}

export const faultCases: readonly FaultCase[] = faults.map((fault: Fault) => {
  const id = fault.id as FaultId;
  const { edge, production } = layoutOf({ faults: [id] });
  const settings: Partial<DemoOptions> = {
    trust: fault.trust ?? 'jwks',
    socketAuth: fault.socketAuth ?? 'query',
    ...(edge === null ? {} : { edge }),
    production,
  };
  const wait = fault.maxWait === undefined ? {} : { wait: fault.maxWait };
  return {
    kind: 'fault',
    id,
    what: fault.what,
    check: fault.check,
    expect: fault.expect,
    earlier: fault.earlier ?? [],
    cause: causes[id],
    untold: untold[id] ?? null,
    deployment: { settings: { ...settings, faults: [id] }, ...wait },
    healthy: { settings, ...wait },
  };
});

export const twinCases: readonly TwinCase[] = twins.map((twin: Twin) => {
  const id = twin.id as TwinId;
  return { kind: 'twin', id, what: twin.what, deployment: { settings: { ...twin.settings, twin: id } } };
});

/** lockstep.json with another value at a place of the target. */
const changed = (change: (target: Target) => void) => (text: string) => {
  const config = JSON.parse(text) as { targets: { local: Target } };
  change(config.targets.local);
  return JSON.stringify(config);
};

interface Target {
  auth: string;
  api: string;
  routes: { me: { get: string }; socket: { url: string } };
}

const control = (id: string, what: string, bend: (demo: Demo) => Promise<Bent>): ControlCase => ({
  kind: 'control',
  id,
  what,
  deployment: { settings: {}, bend },
});

export const controlCases: readonly ControlCase[] = [
  control('api-stopped', 'the API is not there', async (demo) => {
    await demo.services.api?.stop();
    return {};
  }),
  control('wrong-me', 'the route that says who the caller is has another path', async () => ({
    config: changed(({ routes }) => {
      routes.me.get = '/api/whoami';
    }),
  })),
  control('wrong-socket', 'the socket is at another path', async () => ({
    config: changed(({ routes }) => {
      routes.socket.url = routes.socket.url.replace('/api/ws', '/api/socket');
    }),
  })),
  control('wrong-password', 'the passwords of both users are old ones', async () => ({
    env: { LOCKSTEP_A_PASSWORD: 'an-old-password-of-a', LOCKSTEP_B_PASSWORD: 'an-old-password-of-b' },
  })),
  control('all-429', 'everything answers 429, and to wait a second', async () => {
    const server = createServer((_, response) => response.writeHead(429, { 'retry-after': '1' }).end());
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    return {
      config: changed((target) => {
        target.auth = `${url}/api/auth`;
        target.api = url;
        target.routes.socket.url = `${url.replace('http', 'ws')}/api/ws`;
      }),
      undo: async () => {
        server.closeAllConnections();
        await new Promise((closed) => server.close(closed));
      },
    };
  }),
];
