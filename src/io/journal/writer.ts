import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Head, Writer } from '../../core/journal.js';

/** Where no start time can be compared, a number that is in use counts as the writer for so long. */
const patience = 60 * 60_000;

export function thisProcess(): Writer {
  return { host: hostname(), pid: process.pid, start: startOf(process.pid) };
}

/** Whether the process that writes a journal is at work. Of another machine nothing can be known but the time. */
export function atWork({ writer, at }: Head, now: number): boolean {
  const young = now - at < patience;
  if (writer.host !== hostname()) return young;
  if (!exists(writer.pid)) return false;
  const start = startOf(writer.pid);
  return start === null || writer.start === null ? young : start === writer.start;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, by this boot and the clock ticks since (proc(5), field 22); null where there is no /proc. */
function startOf(pid: number): string | null {
  try {
    // the name of the program stands in parentheses, and may hold some
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[19] === undefined ? null : `${boot}:${fields[19]}`;
  } catch {
    return null;
  }
}
