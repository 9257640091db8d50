/** What is read of a server's stream, as pg has it. */
export interface Stream {
  readonly bytesRead: number;
  destroy(error?: Error): unknown;
  unref(): unknown;
  prependOnceListener(event: 'data', listener: (bytes: Buffer) => void): unknown;
}

export interface Bounds {
  readonly ms: number;
  readonly bytes: number;
}

/** Signing on says little. */
export const connecting: Bounds = { ms: 10_000, bytes: 1_048_576 };
/** The tables and keys of an auth schema are far below; a statement that changes something says how long it may take. */
export const asking: Bounds = { ms: 60_000, bytes: 33_554_432 };

const lookMs = 25;

/**
 * The answer to what was asked, or an error where it takes longer or says more than it may: pg waits for ever, and keeps
 * a message until it is whole, however long it says it is. The connection is then gone.
 */
export async function bounded<T>(stream: () => Stream, { ms, bytes }: Bounds, work: Promise<T>): Promise<T> {
  const end = performance.now() + ms;
  const before = stream().bytesRead;
  let timer: NodeJS.Timeout | undefined;
  const broken = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const code =
        performance.now() > end
          ? 'LOCKSTEP_TIMEOUT'
          : stream().bytesRead - before > bytes
            ? 'LOCKSTEP_TOO_LARGE'
            : null;
      if (code === null) return;
      reject(Object.assign(new Error(), { code }));
      stream().destroy();
    }, lookMs);
  });
  // whoever comes second is not heard any more
  work.catch(() => {});
  try {
    return await Promise.race([work, broken]);
  } finally {
    clearInterval(timer);
  }
}
