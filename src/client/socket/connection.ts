import type { Failure } from '../failure.js';
import { listeners } from '../listeners.js';
import type { Coordinator } from '../refresh/coordinator.js';
import type { Credential } from '../refresh/state.js';
import type { Clock } from '../transport.js';
import type { Stage } from './classes.js';
import { gateOf } from './gate.js';
import { defaultLimits, type SocketData, type SocketOptions } from './options.js';
import { type SocketPort, whenOnline } from './port.js';
import { reduceSocket } from './reduce.js';
import {
  defaultSocketPolicy,
  type Happening,
  initialSocket,
  type Phase,
  type SocketEffect,
  type SocketEvent,
} from './state.js';
import { hasSocket, isTerminal } from './step.js';
import { verdictOn } from './verdict.js';
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

export type Connection = ReturnType<typeof connectionOf>;

/**
 * Drives one auth-gated connection: runs what the reducer asks for and tells it what happened.
 *
 * @throws TypeError for a mode that the platform cannot do
 */
export function connectionOf(url: string, options: SocketOptions, context: ConnectionContext) {
  const { coordinator, clock, random, port } = context;
  if (options.auth.mode === 'header' && !port.sendsHeaders)
    throw new TypeError('this platform cannot send headers with a handshake: use another mode');
  const limits = { ...defaultLimits, ...options.limits };
  const policy = { ...defaultSocketPolicy, ...options.policy };
  const gate = gateOf(coordinator, clock, limits.life);
  const messages = listeners<[SocketData]>();
  const changes = listeners<[]>();
  let status: SocketStatus = { phase: 'idle', failure: null };
  let state = initialSocket;
  let failure: Failure | null = null;
  /** the credential of the latest socket */
  let used: Credential | null = null;
  let wait: unknown;

  const stage = (socket: number) => (socket === state.socket && hasSocket(state) ? (state.phase as Stage) : null);
  const wire = wireOf(url, options, limits, context, {
    stage,
    opened: (socket) => dispatch({ type: 'opened', socket }),
    confirmed: (socket) => dispatch({ type: 'ack', socket }),
    message: messages.tell,
    down(socket, signal, known) {
      if (!stage(socket)) return;
      const verdict = verdictOn(signal, state, port.tellsStatus, options.classes, known);
      failure = verdict.failure;
      dispatch(verdict.event);
    },
  });

  const dispatch = (event: Happening): void => {
    const before = state;
    const timed = { ...event, now: clock.monotonic() } as SocketEvent;
    const [now, effects] = reduceSocket(before, timed, random(), policy);
    state = now;
    if (now.phase !== before.phase) wire.left();
    for (const effect of effects) run(effect);
    // what an effect led to has been told already
    if (now.phase === before.phase || state !== now) return;
    if (now.phase === 'live') {
      failure = null;
      // the server has said yes: that also proves the credential to everybody else
      if (used) coordinator.accepted(used);
      wire.liven(now.socket);
    }
    if (isTerminal(now)) for (const leave of leaves.splice(0)) leave();
    status = { phase: now.phase, failure };
    changes.tell();
  };

  const run = (effect: SocketEffect): void => {
    const { credential } = coordinator.state;
    switch (effect.do) {
      case 'open':
        used = credential;
        if (credential) wire.open(effect.socket, credential.token);
        break;
      case 'reauth':
        if (credential && options.reauth) wire.send(options.reauth(credential.token));
        break;
      case 'refresh':
        void gate.renew(used).then(dispatch);
        break;
      case 'wait':
        clock.clearTimeout(wait);
        wait = clock.setTimeout(() => dispatch({ type: 'due', auth: gate.auth() }), effect.ms);
        break;
      case 'stop-waiting':
        clock.clearTimeout(wait);
        break;
      default:
        wire[effect.do](effect.socket);
    }
  };

  /** Ends it for good. */
  const end = (why = failure): void => {
    failure = why;
    dispatch({ type: 'end' });
  };

  const leaves = [
    coordinator.listen(() => {
      const over = gate.over();
      const auth = gate.auth();
      if (over?.kind === 'session-dead') dispatch({ type: 'unrefreshed', why: 'dead', floor: 0 });
      if (over) end(over);
      else if (auth) dispatch({ type: 'auth', auth });
    }),
    (options.online ?? whenOnline)(() => dispatch({ type: 'online' })),
  ];

  return {
    onMessage: messages.add,
    onStatus: changes.add,
    end,
    get status() {
      return status;
    },
    /** Wants a connection; it opens as soon as auth is confirmed. */
    connect: () => dispatch({ type: 'connect', auth: gate.auth() }),
    /** True when it went out. Nothing is kept for later: what to do with it meanwhile is the caller's business. */
    send: (data: string): boolean => state.phase === 'live' && wire.send(data),
  };
}
