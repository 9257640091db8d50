import { isToken } from '../credential.js';
import type { Clock } from '../transport.js';
import type { DownClass, Stage } from './classes.js';
import { defaultHeartbeat, type Heartbeat, startHeartbeat } from './heartbeat.js';
import { inboxOf } from './inbox.js';
import { lineOf } from './line.js';
import { greeting, handshake, type SocketData, type SocketLimits, type SocketOptions } from './options.js';
import type { DownSignal, SocketPort } from './port.js';
import { ticketFor } from './ticket.js';

export interface WireListener {
  /** where this socket is by now, null when it is not the current one any more */
  stage(socket: number): Stage | null;
  opened(socket: number): void;
  confirmed(socket: number): void;
  /** one that is for the application, and new */
  message(data: SocketData): void;
  /** `known` where the signal alone does not tell its class */
  down(socket: number, signal: DownSignal, known?: DownClass): void;
}

/** What is said on the sockets of one connection: the handshake, the greeting, the messages, the pings. */
export function wireOf(
  url: string,
  options: SocketOptions,
  limits: SocketLimits,
  { port, clock }: { port: SocketPort; clock: Clock },
  tell: WireListener,
) {
  const { send, close, drop, open, pinger } = lineOf(port, clock, limits.close);
  const inbox = inboxOf(options);
  /** what was made of the credential for the latest handshake */
  let made = '';
  let confirm: unknown;
  let heartbeat: Heartbeat | null = null;

  const shake = (socket: number, token: string) => {
    // signed out, or given up, while the ticket was made
    if (tell.stage(socket) !== 'connecting') return;
    if (!isToken(token)) return tell.down(socket, { type: 'error', code: 'no token' }, 'auth');
    made = token;
    try {
      open(handshake(url, token, options), {
        opened: () => tell.opened(socket),
        message: (data) => read(socket, data),
        pong: () => heartbeat?.heard(),
        down: (signal) => tell.down(socket, signal),
      });
    } catch {
      tell.down(socket, { type: 'error', code: 'refused by the platform' }, 'fatal');
    }
  };

  const read = (socket: number, data: SocketData) => {
    const stage = tell.stage(socket);
    if (!stage || stage === 'connecting') return;
    heartbeat?.heard();
    const { refusal, ack, deliver } = inbox.read(data, stage === 'live');
    if (refusal) tell.down(socket, { type: 'error', code: 'refused by message' }, refusal);
    if (ack) tell.confirmed(socket);
    if (deliver && tell.stage(socket) === 'live') tell.message(data);
  };

  return {
    send,
    close,
    drop,
    /** Without a ticket to wait for, the socket exists when this returns. */
    open(socket: number, credential: string): void {
      const { token } = options;
      if (!token) shake(socket, credential);
      else
        ticketFor(credential, token, clock, limits.token).then(
          (ticket) => shake(socket, ticket),
          () => tell.down(socket, { type: 'error', code: 'no ticket' }, 'network'),
        );
    },
    /** Says who connects, where the mode wants a message for it, and waits for the server's yes. */
    greet(socket: number): void {
      const text = greeting(made, options);
      if (text !== null) send(text);
      const unconfirmed = () => tell.down(socket, { type: 'error', code: 'no ack' }, 'network');
      confirm = options.ack
        ? clock.setTimeout(unconfirmed, limits.ack)
        : clock.setTimeout(() => tell.confirmed(socket), limits.settle);
    },
    /** After the server's yes: asks for what was missed, and begins to listen for silence. */
    liven(socket: number): void {
      const { ping: text, resume } = options;
      if (resume && inbox.lastId !== null) send(resume(inbox.lastId));
      const ping = pinger(text);
      const silent = () => tell.down(socket, { type: 'close', code: 1006, reason: 'silence' });
      heartbeat = ping && startHeartbeat(clock, { ...defaultHeartbeat, ...options.heartbeat }, ping, silent);
    },
    /** The connection is not confirming, or not live, any more: nothing is awaited. */
    left(): void {
      heartbeat?.stop();
      clock.clearTimeout(confirm);
    },
  };
}
