import type { EdgeOptions, EdgePlan } from './edge/plan.js';
import { type Fault, type FaultId, faults } from './faults.js';

/** The ports that a deployment has on loopback, by the process that listens there. */
export interface Ports {
  readonly auth: readonly number[];
  readonly api: readonly number[];
  readonly edge: number | null;
}

/** What a deployment is made of, its faults included. */
export interface Layout {
  readonly edge: EdgeOptions | null;
  /** the auth server runs with NODE_ENV=production */
  readonly production: boolean;
  /** milliseconds that the model takes for each part of an answer; null for the usual */
  readonly pace: number | null;
  /** how many auth servers and how many APIs */
  readonly replicas: number;
}

interface Asked {
  readonly pace?: number;
  readonly edge?: EdgeOptions;
  readonly production?: boolean;
  readonly faults: readonly FaultId[];
}

/** What was asked for, and what the faults need to show. */
export function layoutOf({ edge, pace, production = false, faults: ids }: Asked): Layout {
  const planted: readonly Fault[] = faults.filter(({ id }) => ids.includes(id));
  const edges = [...planted.map((fault) => fault.edge), edge].filter((one) => one !== undefined);
  const whole: EdgeOptions | null = edges.length === 0 ? null : Object.assign({}, ...edges);
  return {
    edge: whole,
    production: production || planted.some((fault) => fault.production === true),
    pace: pace ?? planted.find((fault) => fault.pace !== undefined)?.pace ?? null,
    replicas: whole?.replicas === true ? 2 : 1,
  };
}

/** Where clients find a deployment, and where its parts find each other. */
export interface Addresses {
  /** of the page and of Better Auth */
  readonly origin: string;
  readonly api: string;
  readonly socket: string;
  /** Better Auth's routes as a server reaches them */
  readonly internal: string;
  /** what the edge stands in front of, null where there is none */
  readonly edge: EdgePlan | null;
}

export function addressesOf({ edge }: Layout, ports: Ports, basePath: string): Addresses {
  const behind = (list: readonly number[]) => list.map((port) => `http://localhost:${port}`);
  const [auth, api] = [behind(ports.auth), behind(ports.api)];
  const internal = `${auth[0]}${basePath}`;
  if (edge === null || ports.edge === null) {
    const [origin = '', url = ''] = [auth[0], api[0]];
    return { origin, api: url, socket: `${url.replace('http', 'ws')}/api/ws`, internal, edge: null };
  }
  const { tls = false, host = 'localhost', wire = null, idle = 3_600 } = edge;
  const origin = `${tls ? 'https' : 'http'}://${host}:${ports.edge}`;
  // over TLS the sockets have a host name of their own, as many deployments give them
  const socketHost = tls && host === 'localhost' ? '127.0.0.1' : host;
  return {
    origin,
    api: origin,
    socket: `${tls ? 'wss' : 'ws'}://${socketHost}:${ports.edge}/api/ws`,
    internal,
    edge: { auth, api, origin, basePath, tls, wire, idle },
  };
}
