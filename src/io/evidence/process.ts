import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process of this machine, with the environment that it was started with. */
export interface LocalProcess {
  readonly pid: number;
  readonly started: Date | null;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | null;
}

/** The process with a number; null where there is none that may be looked into (Linux only). */
export function localProcess(pid: number): LocalProcess | null {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const env = Object.fromEntries(
      entries
        .filter((entry) => entry.includes('='))
        .map((entry) => [entry.replace(/=.*$/s, ''), entry.replace(/^[^=]*=/, '')]),
    );
    return { pid, started: startOf(pid), env, cwd: linkOf(`/proc/${pid}/cwd`) };
  } catch {
    return null;
  }
}

/** The number of the process that listens on a port of loopback; null where it cannot be told. */
export function listenerOn(port: number): number | null {
  try {
    const sockets = new Set(['tcp', 'tcp6'].flatMap((table) => listening(`/proc/net/${table}`, port)));
    if (sockets.size === 0) return null;
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const holders = pids.map(Number).filter((pid) => holds(pid, sockets));
    // who opened it and handed it on may hold it, too: the youngest serves
    return holders.sort((a, b) => b - a)[0] ?? null;
  } catch {
    return null;
  }
}

function listening(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync(table, 'utf8')
    .split('\n')
    .slice(1)
    .flatMap((row) => {
      const [, local = '', , state, , , , , , inode] = row.trim().split(/\s+/);
      return state === '0A' && local.endsWith(`:${wanted}`) && inode !== undefined ? [`socket:[${inode}]`] : [];
    });
}

function holds(pid: number, sockets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.has(linkOf(`/proc/${pid}/fd/${fd}`) ?? ''));
  } catch {
    return false;
  }
}

/** Field 22 of `stat`, in hundredths of a second since the machine started (proc(5)). */
function startOf(pid: number): Date | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const [, boot] = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8')) ?? [];
  return boot === undefined || Number.isNaN(ticks) ? null : new Date((Number(boot) + ticks / 100) * 1000);
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
