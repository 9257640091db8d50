import type { MakeClient, ReferenceClient, Transport } from '../../src/checks/reference-client.js';
import { createAuthClient } from '../../src/client/index.js';

/** What clients are known to do wrong; the ids are those of the planted faults of the client. */
export type Flaw =
  /** F089 */
  | 'no shared promise'
  /** F090 */
  | 'drops what is refused during a refresh'
  /** F093 */
  | 'tries for ever'
  /** F095 */
  | 'tries again with the old token'
  | 'refreshes for every call'
  | 'takes the last 401 for an answer'
  /** F104 */
  | 'waits for itself'
  /** F105 */
  | 'goes on after the session is dead'
  | 'tries a dead session again'
  /** F107 */
  | 'tries again without a body'
  | 'sends everything twice';

const terminal = 'session-dead';

class Failed extends Error {
  readonly failure: { kind: string };
  constructor(kind: string) {
    super(kind);
    this.failure = { kind };
  }
}

/** A client as applications write them, right but for one flaw. It knows no streams. */
export function flawedClient(flaw: Flaw): MakeClient {
  return ({ fetch: transport, refresh }) => {
    const fetch = transport as Transport;
    let token = '';
    let flight: Promise<void> | null = null;
    let refreshing = false;
    let refusedAfter = '';
    let dead = false;
    const renew = async () => {
      refreshing = true;
      const result = await refresh(new AbortController().signal);
      refreshing = false;
      const got = result as { token?: string };
      if (got.token !== undefined) token = got.token;
      else dead = true;
    };
    const renewed = async () => {
      if (flaw === 'waits for itself') return new Promise<void>(() => {});
      if (flaw === 'drops what is refused during a refresh' && refreshing) throw new Failed('auth');
      if (flaw === 'no shared promise') return renew();
      flight ??= renew().finally(() => {
        flight = null;
      });
      return flight;
    };
    const client: Pick<ReferenceClient, 'fetch' | 'signIn' | 'signOut' | 'close'> = {
      async fetch(path, init = {}) {
        const send = (bearer: string, body = init.body) =>
          fetch(path, {
            ...init,
            headers: { ...init.headers, authorization: `Bearer ${bearer}` },
            ...(body === undefined ? {} : { body }),
          });
        if (dead && flaw === 'goes on after the session is dead') return send(token);
        if (dead && flaw !== 'tries a dead session again') throw new Failed(terminal);
        const used = token;
        let answer = await send(used);
        if (flaw === 'sends everything twice') answer = await send(used);
        for (let tries = 0; answer.status === 401; tries++) {
          if (flaw !== 'tries for ever' && tries > 0) {
            refusedAfter = token;
            if (flaw === 'takes the last 401 for an answer') return answer;
            throw new Failed('auth');
          }
          if (refusedAfter === token && flaw !== 'refreshes for every call' && flaw !== 'tries for ever')
            throw new Failed('auth-breaker');
          if (token === used || tries > 0) await renewed();
          if (dead) throw new Failed(terminal);
          const bearer = flaw === 'tries again with the old token' ? used : token;
          answer = await send(bearer, flaw === 'tries again without a body' ? '' : init.body);
          if (flaw === 'sends everything twice') answer = await send(token);
        }
        return answer;
      },
      signIn: (given) => {
        token = given ?? '';
      },
      signOut: async () => {
        dead = true;
      },
      close: () => {},
    };
    return { ...createAuthClient({ refresh, fetch }), ...client } as ReferenceClient;
  };
}
