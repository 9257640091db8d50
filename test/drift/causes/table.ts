import type { Trust } from '../../../src/demo/protocol.js';
import type { BackendScene, Cause, Content, FrontendScene } from '../cause.js';
import { hex } from '../ground.js';

export const S = hex();
export const T = hex();
export const named = (value: string) => `BETTER_AUTH_SECRET=${value}\n`;
export const secret = (value: string) => ({ BETTER_AUTH_SECRET: value });
export const cut = `${hex().slice(0, 40)}#${hex().slice(0, 20)}`;

/** What is otherwise than in a pair of which both files say S and both sides read them; a text is the file of a side. */
interface Scene extends Omit<Cause, 'row' | 'trust' | 'what' | 'expect' | 'frontend' | 'backend'> {
  readonly frontend?: Content | Partial<FrontendScene>;
  readonly backend?: Content | Partial<BackendScene>;
}

type Row = (row: string, what: string, expect: string | null, scene?: Scene) => Cause;

/** A cause that shows under each of these. */
const under =
  (...trust: readonly Trust[]): Row =>
  (row, what, expect, { frontend = {}, backend = {}, ...rest } = {}) => ({
    ...{ row, what, trust, expect },
    ...{ frontend: whole(frontend), backend: whole(backend) },
    ...rest,
  });
export const shared = under('shared-secret');
export const jwks = under('jwks');
export const both = under('shared-secret', 'jwks');

function whole<T extends object>(side: Content | T) {
  return typeof side === 'string' || side instanceof Uint8Array ? { file: side } : { file: named(S), ...side };
}
