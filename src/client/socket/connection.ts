import type { Failure } from '../failure.js';
import { Listeners } from '../listeners.js';
import type { Coordinator } from '../refresh/coordinator.js';
import type { Credential } from '../refresh/state.js';
import type { Clock } from '../transport.js';
import { classOf, type DownClass, type Stage } from './classes.js';
import { failureOf } from './failure.js';
import { Gate } from './gate.js';
import { defaultLimits, type SocketData, type SocketOptions } from './options.js';
import type { DownSignal, SocketPort } from './port.js';
import { reduceSocket } from './reduce.js';
import {
  defaultSocketPolicy,
  initialSocket,
  type Phase,
  type SocketEffect,
  type SocketEvent,
  type SocketState,
} from './state.js';
import { hasSocket, isTerminal } from './step.js';
import { wireOf } from './wire.js';

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

/** An event without its time; what has one gets it when it is dispatched. */
type Happening = SocketEvent extends infer E ? (E extends unknown ? Omit<E, 'now'> : never) : never;

/** Drives one auth-gated connection: runs what the reducer asks for and tells it what happened. */
export class Connection {
  readonly onMessage = new Listeners<[SocketData]>();
  readonly onStatus = new Listeners<[]>();
  #status: SocketStatus = { phase: 'idle', failure: null };
  #state: SocketState = initialSocket;
  #failure: Failure | null = null;
  /** the credential of the latest socket */
  #used: Credential | null = null;
  #wait: unknown;
  readonly #options: SocketOptions;
  readonly #context: ConnectionContext;
  readonly #gate: Gate;
  readonly #wire: ReturnType<typeof wireOf>;
  readonly #leave: (() => void)[];

  /** @throws TypeError for a mode that the platform cannot do */
  constructor(url: string, options: SocketOptions, context: ConnectionContext) {
    const { coordinator, clock, port } = context;
    if (options.auth.mode === 'header' && !port.sendsHeaders)
      throw new TypeError('this platform cannot send headers with a handshake: use another mode');
    this.#options = options;
    this.#context = context;
    const limits = { ...defaultLimits, ...options.limits };
    this.#gate = new Gate(coordinator, clock, limits.life);
    this.#wire = wireOf(url, options, limits, context, {
      stage: (socket) =>
        socket === this.#state.socket && hasSocket(this.#state) ? (this.#state.phase as Stage) : null,
      opened: (socket) => this.#dispatch({ type: 'opened', socket }),
      confirmed: (socket) => this.#dispatch({ type: 'ack', socket }),
      message: (data) => this.onMessage.tell(data),
      down: (socket, signal, known) => this.#down(socket, signal, known),
    });
    this.#leave = [
      coordinator.listen(() => this.#authChanged()),
      (options.online ?? whenOnline)(() => this.#dispatch({ type: 'online' })),
    ];
  }

  get status(): SocketStatus {
    return this.#status;
  }

  /** Wants a connection; it opens as soon as auth is confirmed. */
  connect(): void {
    this.#dispatch({ type: 'connect', auth: this.#gate.auth });
  }

  /** True when it went out. Nothing is kept for later: what to do with it meanwhile is the caller's business. */
  send(data: string): boolean {
    return this.#state.phase === 'live' && this.#wire.send(this.#state.socket, data);
  }

  /** Ends it for good. */
  end(failure = this.#failure): void {
    this.#failure = failure;
    this.#dispatch({ type: 'end' });
  }

  #authChanged(): void {
    const { over, auth } = this.#gate;
    if (over?.kind === 'session-dead') this.#dispatch({ type: 'unrefreshed', why: 'dead', floor: 0 });
    if (over) this.end(over);
    else if (auth) this.#dispatch({ type: 'auth', auth });
  }

  #dispatch(event: Happening): void {
    const { clock, random } = this.#context;
    const before = this.#state;
    const timed = { ...event, now: clock.monotonic() } as SocketEvent;
    const [now, effects] = reduceSocket(before, timed, random(), { ...defaultSocketPolicy, ...this.#options.policy });
    this.#state = now;
    if (now.phase !== before.phase) this.#wire.left();
    for (const effect of effects) this.#run(effect);
    // what an effect led to has been told already
    if (now.phase === before.phase || this.#state !== now) return;
    if (now.phase === 'live') this.#liven();
    if (isTerminal(now)) for (const leave of this.#leave.splice(0)) leave();
    this.#status = { phase: now.phase, failure: this.#failure };
    this.onStatus.tell();
  }

  #run(effect: SocketEffect): void {
    const { clock, coordinator } = this.#context;
    const { credential } = coordinator.state;
    switch (effect.do) {
      case 'open':
        this.#used = credential;
        if (credential) this.#wire.open(effect.socket, credential.token);
        break;
      case 'greet':
        this.#wire.greet(effect.socket);
        break;
      case 'reauth': {
        const { reauth } = this.#options;
        if (credential && reauth) this.#wire.send(effect.socket, reauth(credential.token));
        break;
      }
      case 'close':
        this.#wire.close(effect.socket);
        break;
      case 'drop':
        this.#wire.drop(effect.socket);
        break;
      case 'refresh':
        void this.#renew();
        break;
      case 'wait': {
        clock.clearTimeout(this.#wait);
        this.#wait = clock.setTimeout(() => this.#dispatch({ type: 'due', auth: this.#gate.auth }), effect.ms);
        break;
      }
      case 'stop-waiting':
        clock.clearTimeout(this.#wait);
    }
  }

  /** The server has said yes: that also proves the credential to everybody else. */
  #liven(): void {
    this.#failure = null;
    if (this.#used) this.#context.coordinator.accepted(this.#used);
    this.#wire.liven(this.#state.socket);
  }

  #down(socket: number, signal: DownSignal, known?: DownClass): void {
    const { everLive, refreshed, phase } = this.#state;
    if (socket !== this.#state.socket || !hasSocket(this.#state)) return;
    const { tellsStatus } = this.#context.port;
    const context = { stage: phase as Stage, tellsStatus, trustsForbidden: everLive || !refreshed };
    const verdict = known ?? classOf(signal, context, this.#options.classes);
    this.#failure = failureOf(signal, verdict);
    const floor = ('retryAfter' in signal && signal.retryAfter) || 0;
    const crowd = signal.type === 'close' && (signal.code === 1001 || signal.code === 1012);
    this.#dispatch({ type: 'down', socket, class: verdict, floor, crowd });
  }

  async #renew(): Promise<void> {
    const unrenewed = await this.#gate.renew(this.#used);
    const { auth } = this.#gate;
    if (!unrenewed && auth?.usable === 'yes') this.#dispatch({ type: 'refreshed', auth });
    else this.#dispatch({ type: 'unrefreshed', why: 'later', floor: 0, ...unrenewed });
  }
}

function whenOnline(listener: () => void): () => void {
  const target = globalThis as Partial<EventTarget>;
  target.addEventListener?.('online', listener);
  return () => target.removeEventListener?.('online', listener);
}
