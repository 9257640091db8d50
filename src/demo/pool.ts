import pg from 'pg';

/** A pool of at most `max` connections, which outlives the loss of each of them. */
export function openPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  // a lost connection fails the query that it was to answer and is replaced at the next: no reason for a process to die.
  // The pool hears of its idle ones; one that is handed out has nobody to listen, and that would be fatal
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
