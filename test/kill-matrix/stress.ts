import { type ChildProcess, spawn } from 'node:child_process';
import { cpus } from 'node:os';

/** Work for a processor, half of the time, until the parent is gone. */
const busy = `
const parent = process.ppid;
const round = () => {
  const end = Date.now() + 10;
  while (Date.now() < end);
  if (process.ppid === parent) setTimeout(round, 10);
};
round();`;

/** Keeps every processor busy half of the time; returns what ends that. */
export function stress(): () => Promise<void> {
  const children: ChildProcess[] = cpus().map(() => spawn(process.execPath, ['-e', busy], { stdio: 'ignore' }));
  return async () => {
    await Promise.all(
      children.map((child) => {
        const gone = new Promise((ended) => child.once('exit', ended));
        child.kill();
        return gone;
      }),
    );
  };
}
