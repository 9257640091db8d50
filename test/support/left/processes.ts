import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process that lives. `started` tells it from a later one of the same number. */
export interface Live {
  readonly pid: number;
  readonly started: number;
  readonly command: string;
}

interface Row {
  readonly pid: number;
  readonly parent: number;
  /** in hundredths of a second since the machine started */
  readonly started: number;
}

/**
 * Processes that live, are younger than this one, and belong to a folder, which is in their environment, their command or the
 * folder that they are in, or that descend from a process. Linux only: elsewhere none is seen.
 */
export function livesOf(folder: string, ancestor?: number): Live[] {
  const rows = all();
  const descend = new Set<number>(ancestor === undefined ? [] : [ancestor]);
  for (let before = -1; before !== descend.size; ) {
    before = descend.size;
    for (const { pid, parent } of rows) if (descend.has(parent)) descend.add(pid);
  }
  const since = rowOf(String(process.pid))?.started ?? 0;
  return rows
    .filter(({ pid, started }) => {
      if (pid === process.pid || pid === ancestor || started < since) return false;
      return descend.has(pid) || belongs(pid, folder);
    })
    .map(({ pid, started }) => {
      const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().slice(0, 200);
      return { pid, started, command };
    });
}

/** Ends it by force, if it is still the same. */
export function end({ pid, started }: Live): void {
  if (rowOf(String(pid))?.started !== started) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it was quicker
  }
}

function all(): Row[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (rowOf(name) ?? []) : []));
  } catch {
    return [];
  }
}

/** Null for what has ended, also where nobody has taken notice of that yet. */
function rowOf(name: string): Row | null {
  const stat = read(`/proc/${name}/stat`);
  // the name of the program is in parentheses and may hold any character
  const [state = 'X', parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if ('ZX'.includes(state)) return null;
  return { pid: Number(name), parent: Number(parent), started: Number(rest[17]) };
}

function belongs(pid: number, folder: string): boolean {
  const said = `${read(`/proc/${pid}/environ`)}\0${read(`/proc/${pid}/cmdline`)}\0${cwdOf(pid)}`;
  return said.includes(folder);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function cwdOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
