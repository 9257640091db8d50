import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bin } from './bin.js';

/** Whether this machine has tmux, which is a real terminal without a screen. */
export const hasTerminal = (() => {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

let opened = 0;

/** The installed program, or another one, in a real terminal, on a tmux server of its own. */
export class Terminal {
  readonly #socket = path.join(tmpdir(), `tmux-${++opened}`);

  constructor(
    args: readonly string[],
    cwd: string,
    env: Readonly<Record<string, string>> = {},
    program: readonly string[] = [process.execPath, bin],
  ) {
    const set = Object.entries({ PATH: process.env.PATH ?? '', TERM: 'xterm', HOME: cwd, ...env });
    const words = ['env', '-i', ...set.map(([name, value]) => `${name}=${value}`), ...program, ...args];
    const command = `${words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')}; echo "[ended $?]"; cat`;
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', '100', '-y', '50', '-c', cwd, 'sh', '-c', command);
  }

  /** Types text as it is, or a key by its name: `Enter`, `C-c`, `C-d`. */
  type(text: string): void {
    this.#tmux('send-keys', '-l', text);
  }

  press(key: string): void {
    this.#tmux('send-keys', key);
  }

  /** All that was ever on the screen. */
  screen(): string {
    return this.#tmux('capture-pane', '-p', '-J', '-S', '-');
  }

  /** Resolves when the screen shows it, rejects with the screen after 300 looks, 30 ms apart. */
  async shows(what: string | RegExp): Promise<string> {
    for (let look = 1; ; look++) {
      const screen = this.screen();
      if (typeof what === 'string' ? screen.includes(what) : what.test(screen)) return screen;
      if (look === 300) throw new Error(`the terminal never showed ${what}:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  /** The exit code, once it ended. */
  async ended(): Promise<number> {
    return Number(/\[ended (\d+)\]/.exec(await this.shows(/\[ended \d+\]/))?.[1]);
  }

  close(): void {
    this.#tmux('kill-server');
    rmSync(this.#socket, { force: true });
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-S', this.#socket, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
