import { isToken } from '../credential.js';
import type { Failure } from '../failure.js';
import { Listeners } from '../listeners.js';
import type { Coordinator } from '../refresh/coordinator.js';
import type { Used } from '../refresh/state.js';
import type { Clock } from '../transport.js';
import { classOf, type DownClass, type Stage } from './classes.js';
import { failureOf } from './failure.js';
import { defaultHeartbeat, Heartbeat } from './heartbeat.js';
import { Inbox } from './inbox.js';
import { Lines } from './lines.js';
import {
  defaultLimits,
  greeting,
  handshake,
  type SocketData,
  type SocketLimits,
  type SocketOptions,
} from './options.js';
import type { DownSignal, SocketPort } from './port.js';
import { hasSocket, isTerminal, reduceSocket } from './reduce.js';
import { renewal } from './renewal.js';
import type { SocketEffect, SocketEvent, SocketPolicy, SocketState } from './state.js';
import { type Auth, defaultSocketPolicy, initialSocket, type Phase } from './state.js';
import { ticketFor } from './ticket.js';

/** Where a connection stands, as one immutable value. */
export interface SocketStatus {
  readonly phase: Phase;
  /** why the last connection was lost or refused */
  readonly failure: Failure | null;
}

export interface ConnectionContext {
  readonly coordinator: Coordinator;
  readonly clock: Clock;
  readonly random: () => number;
  readonly port: SocketPort;
}

/** Drives one auth-gated connection: runs what the reducer asks for and tells it what happened. */
export class Connection {
  readonly onMessage = new Listeners<[SocketData]>();
  readonly onStatus = new Listeners<[]>();
  #status: SocketStatus = { phase: 'idle', failure: null };
  #state: SocketState = initialSocket;
  /** the credential of the latest socket, and what was made of it for the handshake */
  #used: Used | null = null;
  #token = '';
  #wait: unknown;
  #confirm: unknown;
  #heartbeat: Heartbeat | null = null;
  readonly #url: string;
  readonly #options: SocketOptions;
  readonly #context: ConnectionContext;
  readonly #policy: SocketPolicy;
  readonly #limits: SocketLimits;
  readonly #epoch: number;
  readonly #lines: Lines;
  readonly #inbox: Inbox;
  readonly #leave: (() => void)[];

  /** @throws TypeError for a mode that the platform cannot do */
  constructor(url: string, options: SocketOptions, context: ConnectionContext) {
    if (options.auth.mode === 'header' && !context.port.sendsHeaders)
      throw new TypeError('this platform cannot send headers with a handshake: use another mode');
    this.#url = url;
    this.#options = options;
    this.#context = context;
    this.#policy = { ...defaultSocketPolicy, ...options.policy };
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#epoch = context.coordinator.state.epoch;
    this.#lines = new Lines(context.port, context.clock, this.#limits.close);
    this.#inbox = new Inbox(options);
    this.#leave = [
      context.coordinator.listen(() => this.#authChanged()),
      (options.online ?? whenOnline)(() => this.#dispatch({ type: 'online', now: this.#now() })),
    ];
  }

  get status(): SocketStatus {
    return this.#status;
  }

  /** Wants a connection; it opens as soon as auth is confirmed. */
  connect(): void {
    this.#dispatch({ type: 'connect', auth: this.#auth() });
  }

  /** True when it went out. Nothing is kept for later: what to do with it meanwhile is the caller's business. */
  send(data: string): boolean {
    return this.#state.phase === 'live' && this.#lines.send(this.#state.socket, data);
  }

  /** Ends it for good. */
  end(failure: Failure | null = null): void {
    if (failure && !isTerminal(this.#state)) this.#status = { ...this.#status, failure };
    this.#dispatch({ type: 'end' });
  }

  #now(): number {
    return this.#context.clock.monotonic();
  }

  /** The credential as the gate sees it: null while nobody is known to be signed in. */
  #auth(): Auth | null {
    const { credential, dead, epoch } = this.#context.coordinator.state;
    if (!credential || dead || epoch !== this.#epoch) return null;
    // what merely lay in a store is a hope until the server has said something
    if (credential.by === 'store' && !credential.proven) return null;
    const { generation, token, expiresAt } = credential;
    if (!isToken(token)) return { generation, usable: 'no' };
    return { generation, usable: expiresAt - this.#now() > this.#limits.life ? 'yes' : 'expired' };
  }

  #authChanged(): void {
    const { dead, epoch } = this.#context.coordinator.state;
    const auth = this.#auth();
    if (dead === 'session-dead') this.#dispatch({ type: 'unrefreshed', why: 'dead', floor: 0, now: this.#now() });
    if (dead || epoch !== this.#epoch) this.end({ kind: dead ?? 'signed-out' });
    else if (auth) this.#dispatch({ type: 'auth', auth });
  }

  #dispatch(event: SocketEvent): void {
    const before = this.#state;
    const [now, effects] = reduceSocket(before, event, this.#context.random(), this.#policy);
    this.#state = now;
    if (now.phase !== before.phase) this.#left(before.phase);
    for (const effect of effects) this.#run(effect);
    // what an effect led to has been told already
    if (now.phase === before.phase || this.#state !== now) return;
    if (now.phase === 'live') this.#liven();
    if (isTerminal(now)) for (const leave of this.#leave.splice(0)) leave();
    this.#status = { phase: now.phase, failure: now.phase === 'live' ? null : this.#status.failure };
    this.onStatus.tell();
  }

  #left(phase: Phase): void {
    if (phase === 'live') this.#heartbeat?.stop();
    if (phase === 'confirming') this.#context.clock.clearTimeout(this.#confirm);
  }

  #run(effect: SocketEffect): void {
    const { clock, coordinator } = this.#context;
    switch (effect.do) {
      case 'open':
        void this.#open(effect.socket);
        break;
      case 'greet':
        this.#greet(effect.socket);
        break;
      case 'reauth': {
        const { reauth } = this.#options;
        const { credential } = coordinator.state;
        if (credential && reauth) this.#lines.send(effect.socket, reauth(credential.token));
        break;
      }
      case 'close':
        this.#lines.close(effect.socket);
        break;
      case 'drop':
        this.#lines.drop(effect.socket);
        break;
      case 'refresh':
        void this.#renew();
        break;
      case 'wait': {
        clock.clearTimeout(this.#wait);
        const due = () => this.#dispatch({ type: 'due', auth: this.#auth(), now: this.#now() });
        this.#wait = clock.setTimeout(due, effect.ms);
        break;
      }
      case 'stop-waiting':
        clock.clearTimeout(this.#wait);
    }
  }

  async #open(socket: number): Promise<void> {
    const { coordinator, clock } = this.#context;
    const { credential, epoch } = coordinator.state;
    if (!credential) return;
    this.#used = { epoch, generation: credential.generation, token: credential.token };
    const make = this.#options.token;
    try {
      // no pause where none is needed: the socket exists from the moment of the decision
      const token = make ? await ticketFor(credential.token, make, clock, this.#limits.token) : credential.token;
      this.#shake(socket, token);
    } catch {
      this.#down(socket, { type: 'error', code: 'no ticket' }, 'network');
    }
  }

  #shake(socket: number, token: string): void {
    // signed out, or given up, while the ticket was made
    if (this.#state.socket !== socket || this.#state.phase !== 'connecting') return;
    if (!isToken(token)) {
      this.#down(socket, { type: 'error', code: 'no token' }, 'auth');
      return;
    }
    this.#token = token;
    try {
      this.#lines.open(socket, handshake(this.#url, token, this.#options), {
        opened: () => this.#dispatch({ type: 'opened', socket }),
        message: (data) => this.#message(socket, data),
        pong: () => this.#heartbeat?.heard(),
        down: (signal) => this.#down(socket, signal),
      });
    } catch {
      this.#down(socket, { type: 'error', code: 'refused by the platform' }, 'fatal');
    }
  }

  #greet(socket: number): void {
    const { clock } = this.#context;
    const text = greeting(this.#token, this.#options);
    if (text !== null) this.#lines.send(socket, text);
    const confirmed = () => this.#dispatch({ type: 'ack', socket });
    const unconfirmed = () => this.#down(socket, { type: 'error', code: 'no ack' }, 'network');
    this.#confirm = this.#options.ack
      ? clock.setTimeout(unconfirmed, this.#limits.ack)
      : clock.setTimeout(confirmed, this.#limits.settle);
  }

  /** The server has said yes: that also proves the credential to everybody else. */
  #liven(): void {
    const { socket } = this.#state;
    const { ping, heartbeat, resume } = this.#options;
    if (this.#used) this.#context.coordinator.accepted(this.#used);
    if (resume && this.#inbox.lastId !== null) this.#lines.send(socket, resume(this.#inbox.lastId));
    const pinger = this.#lines.pinger(socket, ping);
    const silent = () => this.#down(socket, { type: 'close', code: 1006, reason: 'silence' });
    const policy = { ...defaultHeartbeat, ...heartbeat };
    this.#heartbeat = pinger && new Heartbeat(this.#context.clock, policy, pinger, silent);
  }

  #message(socket: number, data: SocketData): void {
    const { phase } = this.#state;
    if (socket !== this.#state.socket || (phase !== 'confirming' && phase !== 'live')) return;
    if (phase === 'live') this.#heartbeat?.heard();
    const { refusal, ack, deliver } = this.#inbox.read(data, phase === 'live');
    if (refusal) this.#down(socket, { type: 'error', code: 'refused by message' }, refusal);
    if (ack) this.#dispatch({ type: 'ack', socket });
    if (deliver && this.#state.phase === 'live') this.onMessage.tell(data);
  }

  #down(socket: number, signal: DownSignal, known?: DownClass): void {
    if (socket !== this.#state.socket || !hasSocket(this.#state)) return;
    const { everLive, refreshed, phase } = this.#state;
    const { tellsStatus } = this.#context.port;
    const context = { stage: phase as Stage, tellsStatus, trustsForbidden: everLive || !refreshed };
    const verdict = known ?? classOf(signal, context, this.#options.classes);
    const { failure, floor } = failureOf(signal, verdict);
    this.#status = { ...this.#status, failure };
    const crowd = signal.type === 'close' && (signal.code === 1001 || signal.code === 1012);
    this.#dispatch({ type: 'down', socket, class: verdict, floor, crowd, now: this.#now() });
  }

  async #renew(): Promise<void> {
    const refused = this.#auth()?.usable === 'yes' ? this.#used : null;
    const unrenewed = await renewal(this.#context.coordinator, this.#epoch, refused);
    const auth = this.#auth();
    if (!unrenewed && auth?.usable === 'yes') this.#dispatch({ type: 'refreshed', auth });
    else this.#dispatch({ type: 'unrefreshed', why: 'later', floor: 0, ...unrenewed, now: this.#now() });
  }
}

function whenOnline(listener: () => void): () => void {
  const target = globalThis as Partial<EventTarget>;
  target.addEventListener?.('online', listener);
  return () => target.removeEventListener?.('online', listener);
}
