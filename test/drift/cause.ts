import type { FaultId } from '../../src/demo/faults.js';
import type { Trust } from '../../src/demo/protocol.js';
import type { LoaderName } from '../../src/env-file/loader.js';
import type { Ground, Running } from './ground.js';

/** What stands while a diagnosis runs. */
export interface Scene {
  readonly ground: Ground;
  readonly frontend: Running;
  readonly backend: Running;
}

type Env = Readonly<Record<string, string>>;
/** The lines of an env file that bear on the secret; bytes are the whole file, and the rest is exported. */
export type Content = string | Uint8Array;

export interface FrontendScene {
  readonly file: Content;
  /** exported in the shell that starts it */
  readonly shell?: Env;
  readonly faults?: readonly FaultId[];
  /** the secret under which an earlier process made the key in jwks */
  readonly rowsOf?: Env;
}

export interface BackendScene {
  readonly file: Content;
  /** as lockstep is told */
  readonly loader?: LoaderName;
  /** what really reads the file, where that is another */
  readonly startedBy?: LoaderName;
  /** what is set in its process beside or over the file */
  readonly env?: Env | ((frontend: Running, emailA: string) => Env);
}

/** One way for the two sides to be in or out of step, built for real. */
export interface Cause {
  /** the row of the tables that it is from */
  readonly row: string;
  readonly what: string;
  readonly trust: readonly Trust[];
  readonly frontend: FrontendScene;
  readonly backend: BackendScene;
  /** other files of the checkout */
  readonly files?: Readonly<Record<string, string>>;
  /** what happens once both run; may stand a balancer before a side */
  readonly after?: (scene: Scene) => Promise<Partial<Pick<Scene, 'frontend' | 'backend'>> | undefined>;
  readonly args?: readonly string[];
  readonly env?: Env;
  /** false: nobody signs in */
  readonly account?: false;
  /** the code of the first verdict, without `diagnose/`; null for a healthy pair */
  readonly expect: string | null;
  readonly variant?: string;
}
