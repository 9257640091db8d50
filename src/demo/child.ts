import { rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { folderVariable, type News, type Order, type Plan } from './protocol.js';

/** What a demo process has when it is ready. */
interface Running {
  readonly databaseUrl?: string;
  /** takes away what this process put outside itself; called once, also when the parent was killed */
  readonly leave?: () => Promise<void>;
}

/**
 * The life of a demo process: waits for the order to start, runs, tells the parent, and ends when the parent says so
 * or is gone. The end of the parent shows as a closed channel, however it came about; the work folder, which holds
 * secrets, is then removed from here.
 *
 * `server` is the listening socket that the parent opened: the port is taken before anything depends on it.
 */
export async function live(run: (plan: Plan, server: Server | undefined) => Promise<Running>): Promise<void> {
  let leave: Running['leave'];
  let leaving = false;
  const end = async (code: number) => {
    if (leaving) return;
    leaving = true;
    try {
      await leave?.();
    } catch (error) {
      complain(error);
    }
    process.exit(code);
  };
  const orphaned = () => {
    removeFolder();
    void end(1);
  };
  process.on('disconnect', orphaned);
  // a signal to the whole group is the parent's to understand: it says stop, or it dies of it and the channel closes
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  if (!process.connected) return orphaned();

  const [plan, server] = await order(() => void end(0));
  try {
    const running = await run(plan, server);
    leave = running.leave;
    tell({ kind: 'ready', ...(running.databaseUrl === undefined ? {} : { databaseUrl: running.databaseUrl }) });
  } catch (error) {
    tell({ kind: 'failed', message: messageOf(error) });
    await end(1);
  }
}

/** One line on the error stream, which the parent keeps: the message of an error, never the object. */
export function complain(error: unknown): void {
  process.stderr.write(`${messageOf(error)}\n`);
}

function order(stop: () => void): Promise<[Plan, Server | undefined]> {
  return new Promise((resolve) => {
    process.on('message', (message: Order, handle: Server | undefined) => {
      if (message.kind === 'stop') stop();
      else resolve([message.plan, handle]);
    });
  });
}

function tell(news: News): void {
  if (process.connected) process.send?.(news);
}

function removeFolder(): void {
  const folder = process.env[folderVariable];
  if (folder === undefined) return;
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // another process of the demo is removing it too
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
