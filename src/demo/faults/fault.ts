import type { EdgeOptions } from '../edge/plan.js';
import type { SocketAuthMode, Trust } from '../protocol.js';

/** Where a fault sits: the auth server, the API, what stands in front of them, or what they are started from. */
type Where = 'FE' | 'BE' | 'edge' | 'files' | 'process' | 'DB';

/** A mistake that real deployments make and that can be planted in this one. */
export interface Fault {
  readonly id: `F${string}`;
  readonly where: Where;
  /** the mistake, present tense */
  readonly what: string;
  /** the check whose job it is to see it */
  readonly check: string;
  /** the verdict that this check then owes */
  readonly expect: 'fail' | 'warn';
  /** those that it needs and that see the mistake first, where the order of a run or the turn of replicas has it so */
  readonly earlier?: readonly string[];
  /** the settings under which the mistake can be made at all; any, unless given */
  readonly trust?: Trust;
  readonly socketAuth?: SocketAuthMode;
  /** the edge that it sits in; such a fault brings its edge along */
  readonly edge?: EdgeOptions;
  /** shows only where the auth server runs as in production, with its rate limits; such a fault brings that along */
  readonly production?: true;
  /** its check makes noise, to which a run consents with `--allow-noisy` */
  readonly noise?: true;
  /** milliseconds for each part of an answer: it shows only where a stream takes its time */
  readonly pace?: number;
  /** `--max-wait` of the check that is to see it; the usual one unless given */
  readonly maxWait?: string;
}
