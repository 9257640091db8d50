import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type {
  AnyFetch,
  AuthClient,
  AuthSnapshot,
  AuthSocket,
  SocketData,
  SocketOptions,
  SocketStatus,
} from '../client/index.js';

const Context = createContext<AuthClient<AnyFetch> | null>(null);

/** Gives a client to everything below. Restores the session once, when it is first mounted. */
export function AuthProvider(props: { client: AuthClient<AnyFetch>; children?: ReactNode }): ReactElement {
  const { client, children } = props;
  useEffect(() => {
    if (client.snapshot.status === 'unknown') void client.restore();
  }, [client]);
  return createElement(Context.Provider, { value: client }, children);
}

/**
 * The client of the nearest AuthProvider.
 *
 * @throws Error outside of one
 */
export function useAuthClient(): AuthClient<AnyFetch> {
  const client = useContext(Context);
  if (!client) throw new Error('no AuthProvider above');
  return client;
}

/**
 * Who is signed in. Rerenders when that changes, and only then; `unknown` while the session is being restored, on the
 * server always.
 */
export function useAuth(): AuthSnapshot {
  const client = useAuthClient();
  const server = useMemo((): AuthSnapshot => ({ status: 'unknown', user: null, generation: 0, session: 0 }), []);
  return useSyncExternalStore(
    client.subscribe,
    () => client.snapshot,
    () => server,
  );
}

/** `client.fetch` of the nearest AuthProvider, the same function on each render. */
export function useAuthFetch<F extends AnyFetch = typeof fetch>(): F {
  return useAuthClient().fetch as F;
}

export interface UseAuthSocket {
  readonly status: SocketStatus;
  /** true when it went out; see AuthSocket */
  send(data: string): boolean;
}

const idle: SocketStatus = { phase: 'idle', failure: null };

/**
 * A share in the connection of this session to a URL, while the component is mounted and somebody is signed in. Another
 * sign-in gets another connection. `null` as URL wants none. `options` and `onMessage` may be new objects on each
 * render: the first options of a connection count, and the latest `onMessage` is called.
 */
export function useAuthSocket(
  url: string | null,
  options: SocketOptions,
  onMessage: (data: SocketData) => void = () => {},
): UseAuthSocket {
  const client = useAuthClient();
  const { status: auth, session } = useAuth();
  const signedIn = auth === 'signed-in';
  const latest = useRef({ options, onMessage });
  useEffect(() => {
    latest.current = { options, onMessage };
  });
  const [socket, setSocket] = useState<AuthSocket | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another session is another connection, whatever else is the same
  useEffect(() => {
    if (url === null || !signedIn) return;
    const share = client.socket(url, latest.current.options);
    share.onMessage((data) => latest.current.onMessage(data));
    setSocket(share);
    return () => {
      setSocket(null);
      share.release();
    };
  }, [client, url, signedIn, session]);
  const status = useSyncExternalStore(
    useMemo(() => socket?.subscribe ?? (() => () => {}), [socket]),
    () => socket?.status ?? idle,
    () => idle,
  );
  return useMemo(() => ({ status, send: (data: string) => socket?.send(data) ?? false }), [status, socket]);
}
