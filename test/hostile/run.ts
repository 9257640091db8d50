import { setMaxListeners } from 'node:events';
import type { OutsideOptions } from '../../src/io/outside.js';
import { createWorkspace } from '../../src/io/workspace.js';
import { realWorld } from '../../src/io/world.js';
import { main } from '../../src/main.js';
import type { World } from '../../src/world.js';
import { whenAwake } from '../support/awake.js';
import { email } from './deployment.js';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Short, so that what never ends takes a second: what ends by a limit here ends by it in every run. */
const limits = { connectMs: 700, headersMs: 500, bodyMs: 500, totalMs: 900, handshakeMs: 700 };

/** lockstep whole, in this process, with the real network: nothing of it is scripted but its patience. */
export async function run(
  args: readonly string[],
  own: Partial<World> = {},
  outside: OutsideOptions = {},
): Promise<Ran> {
  const printed = { out: '', err: '' };
  const sink = (name: 'out' | 'err') => ({
    isTTY: false,
    columns: 80,
    rows: 24,
    write(text: string) {
      printed[name] += text;
    },
  });
  const world = replaced(realWorld(undefined, { limits, ...outside }), {
    cwd: '/',
    env: { LOCKSTEP_A_EMAIL: email, LOCKSTEP_A_PASSWORD: 'a-password-of-the-corpus' },
    stdout: sink('out'),
    stderr: sink('err'),
    // deadlines stay, patience is short
    timer: (ms, callback) => whenAwake(ms >= 20_000 ? ms : Math.min(ms, 400), callback),
    interrupted: never,
    workspace: createWorkspace(() => Date.now(), never),
    lastWords: () => {},
    ...own,
  });
  const code = await main(args, world);
  return { code, ...printed };
}

/** Without asking for what is replaced: that of the real world would hear the signals of this process. */
function replaced(world: World, parts: Partial<World>): World {
  const own = Object.getOwnPropertyDescriptors(parts);
  return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(world), ...own }) as World;
}

const never = new AbortController().signal;
setMaxListeners(0, never);

const steps = ['session/login', 'token/fetch', 'token/accepted-by-api', 'ws/connects-after-auth'];
const at = (port: number, scheme = 'http') => [
  '--auth',
  `${scheme}://127.0.0.1:${port}`,
  '--api',
  `${scheme}://127.0.0.1:${port}`,
  ...(scheme === 'http' ? ['--socket', `ws://127.0.0.1:${port}/api/ws`] : []),
];

/** A check of the flow, as JSON and as text: the two ways out have their own escapes. */
export const checks = (port: number, scheme?: string) => [
  ['check', ...steps, ...at(port, scheme), '--json'],
  ['check', ...steps, ...at(port, scheme)],
];

/** Every command that speaks to a deployment over HTTP. */
export const commands = (port: number, scheme = 'http') => [
  ...checks(port, scheme),
  ['diagnose', ...at(port, scheme).slice(0, 4), '--json', '--no-database', '--replicas', '2'],
  ['token', 'fetch', '--auth', `${scheme}://127.0.0.1:${port}`, '--no-input'],
  ['token', 'verify', '--allow-argv', '--jwks', `${scheme}://127.0.0.1:${port}/api/auth/jwks`, 'e30.e30.c2ln'],
];
