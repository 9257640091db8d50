import type { SocketOptions, SocketTrace } from '../core/probe.js';
import { isRefusalNotice } from '../core/refusal-notice.js';
import type { Handshake } from './handshake.js';
import { ackOf, handshake } from './handshake.js';
import { pause } from './pause.js';

const patience = 5_000;
const mostMessages = 50;
const nothing = { protocol: '', acked: false, messages: [], closed: null };

/**
 * Opens a socket and listens until the ack, the close, or the end of patience; then closes it. Where no ack is declared,
 * one of the usual ones counts, and else that the socket stays open and says nothing of a refusal. `toTheEnd` waits
 * for the close even then, because a server may say hello before it looks at the token.
 */
export async function trace(hand: Handshake, options: SocketOptions): Promise<SocketTrace> {
  const { world, target, signal } = hand;
  const { url, socket } = await handshake(hand, options);
  if (socket === null) return { ...nothing, url, sent: false, status: 0 };
  const { status, protocol } = socket;
  if (status !== 101) return { ...nothing, url, sent: true, status };
  const messages: string[] = [];
  let closed: SocketTrace['closed'] = null;
  let acked = false;
  const enough = new AbortController();
  const wait = (ms: number) => pause(world.timer, ms, AbortSignal.any([signal, enough.signal]));
  const undeclared = target.routes.socket.value.ack === null;
  const says = ackOf(target);
  const listening = (async () => {
    for await (const text of socket.messages()) {
      if (messages.length < mostMessages) messages.push(text);
      acked = says(text) && !(undeclared && options.toTheEnd === true);
      if (acked) return;
    }
    closed = await socket.closed();
  })();
  await Promise.race([listening, wait(options.patience ?? patience)]);
  enough.abort();
  const stayed = undeclared && closed === null && !messages.some(isRefusalNotice);
  const heard = { messages: [...messages], closed, acked: acked || stayed };
  await socket.close();
  return { url, sent: true, status, protocol, ...heard };
}
