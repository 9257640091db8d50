import type { Http, Outside } from '../world.js';
import type { DialOptions } from './dial.js';
import type { Limits } from './limits.js';
import { once } from './once.js';

export interface OutsideOptions extends Omit<DialOptions, 'connectMs'> {
  readonly limits?: Partial<Limits>;
}

/** HTTP, sockets and wires by one way. Nothing is loaded before it is used. */
export function lazyOutside(monotonic: () => number, { limits, ...way }: OutsideOptions): Outside {
  const begin = async () => {
    const [{ createDial }, { defaultLimits }] = await Promise.all([import('./dial.js'), import('./limits.js')]);
    const bounds = { ...defaultLimits, ...limits };
    return { dial: createDial({ ...way, connectMs: bounds.connectMs }), bounds };
  };
  const common = once(begin);
  let made: Http | undefined;
  const http = once(async () => {
    const [{ dial, bounds }, { createHttp }] = await Promise.all([common(), import('./http.js')]);
    made = createHttp(monotonic, dial, bounds);
    return made;
  });
  const sockets = once(async () => {
    const [{ dial, bounds }, { createSockets }] = await Promise.all([common(), import('./socket.js')]);
    return createSockets(dial, bounds);
  });
  const net = once(async () => {
    const [{ dial, bounds }, { createNet }] = await Promise.all([common(), import('./net.js')]);
    return createNet(dial, bounds);
  });
  return {
    http: {
      send: async (request) => (await http()).send(request),
      open: async (request) => (await http()).open(request),
      laden: () => made?.laden() === true,
      async close() {
        if (common.begun()) (await common()).dial.close();
        if (http.begun()) await (await http()).close();
      },
    },
    sockets: { prepare: async () => void (await sockets()), open: async (request) => (await sockets()).open(request) },
    net: {
      wire: async (...args) => (await net()).wire(...args),
      tls: async (...args) => (await net()).tls(...args),
      listen: async (...args) => (await net()).listen(...args),
    },
  };
}
