import { isToken } from '../credential.js';
import type { Clock } from '../transport.js';
import type { DownClass, Stage } from './classes.js';
import { defaultHeartbeat, Heartbeat } from './heartbeat.js';
import { Inbox } from './inbox.js';
import { Lines } from './lines.js';
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
export class Wire {
  readonly #url: string;
  readonly #options: SocketOptions;
  readonly #limits: SocketLimits;
  readonly #clock: Clock;
  readonly #tell: WireListener;
  readonly #lines: Lines;
  readonly #inbox: Inbox;
  /** what was made of the credential for the latest handshake */
  #token = '';
  #confirm: unknown;
  #heartbeat: Heartbeat | null = null;

  constructor(
    url: string,
    options: SocketOptions,
    limits: SocketLimits,
    { port, clock }: { port: SocketPort; clock: Clock },
    tell: WireListener,
  ) {
    this.#url = url;
    this.#options = options;
    this.#limits = limits;
    this.#clock = clock;
    this.#tell = tell;
    this.#lines = new Lines(port, clock, limits.close);
    this.#inbox = new Inbox(options);
  }

  /** Without a ticket to wait for, the socket exists when this returns. */
  open(socket: number, credential: string): void {
    const { token } = this.#options;
    if (!token) {
      this.#shake(socket, credential);
      return;
    }
    ticketFor(credential, token, this.#clock, this.#limits.token).then(
      (ticket) => this.#shake(socket, ticket),
      () => this.#tell.down(socket, { type: 'error', code: 'no ticket' }, 'network'),
    );
  }

  /** Says who connects, where the mode wants a message for it, and waits for the server's yes. */
  greet(socket: number): void {
    const text = greeting(this.#token, this.#options);
    if (text !== null) this.send(socket, text);
    const unconfirmed = () => this.#tell.down(socket, { type: 'error', code: 'no ack' }, 'network');
    this.#confirm = this.#options.ack
      ? this.#clock.setTimeout(unconfirmed, this.#limits.ack)
      : this.#clock.setTimeout(() => this.#tell.confirmed(socket), this.#limits.settle);
  }

  /** After the server's yes: asks for what was missed, and begins to listen for silence. */
  liven(socket: number): void {
    const { ping, heartbeat, resume } = this.#options;
    if (resume && this.#inbox.lastId !== null) this.send(socket, resume(this.#inbox.lastId));
    const pinger = this.#lines.pinger(socket, ping);
    const silent = () => this.#tell.down(socket, { type: 'close', code: 1006, reason: 'silence' });
    const policy = { ...defaultHeartbeat, ...heartbeat };
    this.#heartbeat = pinger && new Heartbeat(this.#clock, policy, pinger, silent);
  }

  /** The connection is not confirming, or not live, any more: nothing is awaited. */
  left(): void {
    this.#heartbeat?.stop();
    this.#clock.clearTimeout(this.#confirm);
  }

  send(socket: number, text: string): boolean {
    return this.#lines.send(socket, text);
  }

  close(socket: number): void {
    this.#lines.close(socket);
  }

  drop(socket: number): void {
    this.#lines.drop(socket);
  }

  #shake(socket: number, token: string): void {
    // signed out, or given up, while the ticket was made
    if (this.#tell.stage(socket) !== 'connecting') return;
    if (!isToken(token)) {
      this.#tell.down(socket, { type: 'error', code: 'no token' }, 'auth');
      return;
    }
    this.#token = token;
    try {
      this.#lines.open(socket, handshake(this.#url, token, this.#options), {
        opened: () => this.#tell.opened(socket),
        message: (data) => this.#message(socket, data),
        pong: () => this.#heartbeat?.heard(),
        down: (signal) => this.#tell.down(socket, signal),
      });
    } catch {
      this.#tell.down(socket, { type: 'error', code: 'refused by the platform' }, 'fatal');
    }
  }

  #message(socket: number, data: SocketData): void {
    const stage = this.#tell.stage(socket);
    if (stage === null || stage === 'connecting') return;
    this.#heartbeat?.heard();
    const { refusal, ack, deliver } = this.#inbox.read(data, stage === 'live');
    if (refusal) this.#tell.down(socket, { type: 'error', code: 'refused by message' }, refusal);
    if (ack) this.#tell.confirmed(socket);
    if (deliver && this.#tell.stage(socket) === 'live') this.#tell.message(data);
  }
}
