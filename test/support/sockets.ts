import type { SocketTrace } from '../../src/core/probe.js';
import type { SocketAuth, SocketTalk, Target } from '../../src/core/target.js';
import type { SocketRequest } from '../../src/world.js';
import { target } from './deployment.js';
import type { ScriptedPeer, ScriptedSocket } from './fake-world.js';

export const ready: ScriptedSocket = { messages: ['{"type":"ready"}'] };
export const refused: ScriptedSocket = { close: { code: 4401 } };

/** What `ws/connects-after-auth` gives of a socket that says `{"type":"ready"}`. */
export const control: SocketTrace = {
  url: 'ws://api.test/api/ws',
  sent: true,
  status: 101,
  protocol: '',
  acked: true,
  messages: ['{"type":"ready"}'],
  closed: null,
};

/** The token of a handshake in the query; null where there is none. */
export function tokenOf({ url }: Pick<SocketRequest, 'url'>): string | null {
  return new URL(url).searchParams.get('token');
}

/** The routes of the test target with another way of passing a token, or with things to say. */
export function socketRoutes(auth: SocketAuth, talk: Partial<SocketTalk> = {}): Pick<Target, 'routes'> {
  const { routes } = target();
  return {
    routes: {
      ...routes,
      socket: { ...routes.socket, value: { ...routes.socket.value, auth } },
      talk: { ...routes.talk, ...talk },
    },
  };
}

export const byMessage: SocketAuth = { mode: 'message', template: '{"type":"auth","token":"{token}"}' };
export const byQuery: SocketAuth = { mode: 'query', name: 'token' };

/** A message as the server reads it. */
export function parsed(text: string): { readonly type?: string; readonly token?: string; readonly text?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * A server whose first message carries the token: `admits` says whether it is good, `talks` answers what an admitted
 * one says, `early` what comes before.
 */
export function firstMessageServer(options: {
  readonly admits: (token: string) => boolean;
  readonly talks: (text: string, peer: ScriptedPeer) => void;
  readonly early?: (text: string, peer: ScriptedPeer) => void;
  /** runs once it has admitted somebody */
  readonly admitted?: (peer: ScriptedPeer) => void;
}) {
  return ({ firstMessage }: SocketRequest): ScriptedSocket => {
    let inside = firstMessage !== undefined && options.admits(parsed(firstMessage).token ?? '');
    const messages = inside ? ['{"type":"ready"}'] : [];
    if (firstMessage !== undefined && !inside) return refused;
    return {
      messages,
      hears(text, peer) {
        const { type, token = '' } = parsed(text);
        if (inside) return options.talks(text, peer);
        if (type !== 'auth') return (options.early ?? ((_, { close }) => close(4401)))(text, peer);
        if (!options.admits(token)) return peer.close(4401);
        inside = true;
        peer.say('{"type":"ready"}');
        options.admitted?.(peer);
      },
    };
  };
}
