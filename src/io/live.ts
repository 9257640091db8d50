import type { Live, SocketOptions } from '../core/probe.js';
import { isRefusalNotice } from '../core/refusal-notice.js';
import type { Handshake } from './handshake.js';
import { ackOf, handshake } from './handshake.js';
import { pause } from './pause.js';

const patience = 5_000;
const mostMessages = 1_000;

/**
 * A socket that stays open until the check ends. It resolves with the ack, the close, or after 5 s; where no ack is
 * declared, a usual one counts, and else that it stays open for that long and says nothing of a refusal.
 */
export async function connect(hand: Handshake, options: SocketOptions): Promise<Live> {
  const { world, target, signal } = hand;
  const { url, socket } = await handshake(hand, options);
  const messages: string[] = [];
  let closed: Live['closed'] = null;
  let acked = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const each of waiting) each();
  };
  /** resolves when `done` says so, which is asked after every message and the close, or after `ms` */
  const until = (done: () => boolean, ms: number) =>
    new Promise<void>((resolve) => {
      const over = new AbortController();
      const look = () => {
        if (!done()) return;
        over.abort();
      };
      waiting.add(look);
      void pause(world.timer, ms, AbortSignal.any([signal, over.signal])).then(() => {
        waiting.delete(look);
        resolve();
      });
      look();
    });
  const live = socket !== null && socket.status === 101 ? socket : null;
  const says = ackOf(target);
  if (live !== null) {
    signal.addEventListener('abort', () => void live.close(), { once: true });
    void (async () => {
      for await (const text of live.messages()) {
        if (messages.length < mostMessages) messages.push(text);
        acked ||= says(text);
        wake();
      }
      closed = await live.closed();
      wake();
    })();
    await until(() => acked || closed !== null, options.patience ?? patience);
    const stayed = target.routes.socket.value.ack === null && closed === null && !messages.some(isRefusalNotice);
    acked ||= stayed;
  }
  return {
    url,
    status: socket?.status ?? 0,
    messages,
    get acked() {
      return acked;
    },
    get closed() {
      return closed;
    },
    say: (message) => void live?.send(typeof message === 'string' ? message : JSON.stringify(message)),
    ping: () => void live?.ping(),
    async hear(passes, ms) {
      await until(() => closed !== null || messages.some(passes), ms);
      return messages.find(passes) ?? null;
    },
    async end(ms) {
      await until(() => closed !== null, ms);
      return closed;
    },
    async close() {
      await live?.close();
    },
  };
}
