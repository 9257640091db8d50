import { LockstepError } from '../core/errors.js';
import type { Target } from '../core/target.js';
import type { HttpRequest, SocketRequest, World } from '../world.js';
import type { Pace } from './pace.js';
import { pause } from './pause.js';
import { isLossCode, watched } from './watched.js';

/** Whether a deployment is still there, of which something was lost. */
export interface Presence {
  /** the world of one check: `lost` hears the URL of each exchange that got no answer, or that of a server in trouble */
  watched(world: World, lost: (url: string) => void): World;
  /**
   * Asks each part once more that these URLs are of; in words, which one is not there any more, null where all are. One that
   * crashes and has never done otherwise is there to be found broken, but not to be found good: `good` asks for that.
   */
  gone(urls: readonly string[], good: boolean, signal: AbortSignal): Promise<string | null>;
}

type Part = 'auth' | 'api' | 'socket';

/** milliseconds in which a socket that is opened by an edge alone is closed again */
const atOnce = 300;

/**
 * The control that a verdict needs under which something was lost: what a part has given before, to whoever had a
 * credential, it gives again. Where it never has, an answer to anybody will do, but not that of an edge before a server
 * that is gone.
 */
export function createPresence(
  target: Pick<Target, 'auth' | 'api' | 'routes'>,
  { http, sockets, timer }: Pick<World, 'http' | 'sockets' | 'timer'>,
  pace: Pick<Pace, 'turn'>,
): Presence {
  const { me, socket } = target.routes;
  const given: { auth?: HttpRequest; api?: HttpRequest; socket?: SocketRequest } = {};

  const heard = {
    http({ method, url, headers }: HttpRequest, status: number) {
      const part = partOf(url, target);
      if (method !== 'GET' || status < 200 || status > 299 || part === null || part === 'socket') return;
      if (headers.authorization === undefined && headers.cookie === undefined) return;
      given[part] ??= { method, url, headers };
    },
    socket(request: SocketRequest, status: number) {
      if (status === 101 && partOf(request.url, target) === 'socket') given.socket ??= request;
    },
  };

  const answers = async (part: 'auth' | 'api', good: boolean, signal: AbortSignal): Promise<string | null> => {
    const before = given[part];
    const anybody = part === 'auth' ? `${target.auth}/get-session` : `${target.api}${me.value.get}`;
    const request = { ...(before ?? { method: 'GET', url: anybody, headers: { accept: 'application/json' } }), signal };
    await pace.turn(request, signal);
    const { url, status } = await http.send(request);
    const behind = status >= 502 && status <= 504;
    return behind || (status >= 500 && (good || before !== undefined)) ? `${url} answers ${status}` : null;
  };

  const opens = async (signal: AbortSignal): Promise<string | null> => {
    const before = given.socket ?? { url: socket.value.url, protocols: [], headers: {} };
    const url = before.url.split('?')[0] ?? '';
    const again = await sockets.open({ ...before, signal });
    const closed = again.status === 101 ? await Promise.race([again.closed(), pause(timer, atOnce, signal)]) : null;
    void again.close();
    if (again.status >= 500) return `${url} answers ${again.status}`;
    return closed && isLossCode(closed.code) ? `${url} closes with ${closed.code}` : null;
  };

  const asked = async (part: Part, good: boolean, signal: AbortSignal): Promise<string | null> => {
    try {
      return part === 'socket' ? await opens(signal) : await answers(part, good, signal);
    } catch (error) {
      if (error instanceof LockstepError) return error.message;
      throw error;
    }
  };

  return {
    watched: (world, lost) => watched(world, { lost, heard }),
    async gone(urls, good, signal) {
      const parts = [...new Set(urls.map((url) => partOf(url, target)))].filter((part) => part !== null);
      const said = await Promise.all(parts.map((part) => asked(part, good, signal)));
      return said.find((each) => each !== null) ?? null;
    },
  };
}

/** Null for what is elsewhere: the http: twin of an https: address, say, need not be there. */
function partOf(url: string, { auth, api, routes }: Pick<Target, 'auth' | 'api' | 'routes'>): Part | null {
  const own = routes.socket.value.url;
  if (/^ws/i.test(url)) return own !== '' && originOf(url) === originOf(own) ? 'socket' : null;
  const bases = [
    { part: 'auth' as const, base: auth },
    ...(api === null ? [] : [{ part: 'api' as const, base: api }]),
  ].filter(({ base }) => originOf(url) === originOf(base));
  // behind one address for both, the longer path tells
  const under = bases.filter(({ base }) => url.startsWith(base)).sort((a, b) => b.base.length - a.base.length);
  return under[0]?.part ?? bases[0]?.part ?? null;
}

function originOf(url: string): string {
  return new URL(url.replace(/^ws/i, 'http')).origin;
}
