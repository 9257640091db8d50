import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import type { Dial, Place } from './dial.js';

/** at a time to one place */
const mostExchanges = 16;
/** a connection that has rested so long may be closing at the other end: what is asked over it would be lost */
const restMs = 4_000;

/** The door sees to TLS; without a name of a server Node looks whether the host is one, which takes Node 20 4 ms. */
const options = { keepAlive: true, servername: '' };

/** Connections to one place through the one door, each kept for what is asked next. */
export class Connections extends Agent {
  readonly #place: Place;
  readonly #dial: Dial;
  #restMs = restMs;
  #busy = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #anew: boolean;

  /** `anew`: each connection asks the name service where it leads */
  constructor(place: Place, dial: Dial, anew = false) {
    super(options);
    this.#place = place;
    this.#dial = dial;
    this.#anew = anew;
  }

  /** Resolves when one more exchange may begin. The agent's own bound does not count connections that are coming about. */
  async turn(): Promise<void> {
    if (this.#busy < mostExchanges) this.#busy += 1;
    else await new Promise<void>((go) => this.#waiting.push(go));
  }

  /** The exchange is over. */
  over(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy -= 1;
    else next();
  }

  /** What the server says of how long it keeps a connection (`keep-alive: timeout=5`), less a second for the way there. */
  heed({ headers }: IncomingMessage): void {
    const seconds = /(?:^|[\s,])timeout=(\d+)/i.exec(String(headers['keep-alive'] ?? ''))?.[1];
    if (seconds !== undefined) this.#restMs = Math.min(restMs, Number(seconds) * 1_000 - 1_000);
  }

  override createConnection(...[, made]: Parameters<Agent['createConnection']>): undefined {
    this.#dial.open(this.#place, this.#anew).then(
      (socket) => made?.(null, socket),
      (error: Error) => made?.(error, undefined as never),
    );
  }

  override keepSocketAlive(socket: Socket): boolean {
    if (this.#restMs <= 0) return false;
    super.keepSocketAlive(socket);
    // what rests and hears its timeout is destroyed by the agent
    socket.setTimeout(this.#restMs);
    return true;
  }

  override reuseSocket(socket: Socket, request: ClientRequest): void {
    super.reuseSocket(socket, request);
    socket.setTimeout(0);
  }
}
