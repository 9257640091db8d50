import pg from 'pg';

/** A pool of at most `max` connections, which outlives the loss of each of them. */
export function openPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  // a lost connection fails the query that it was to answer and is replaced at the next: no reason for a process to
  // die. The pool listens to its idle ones only; a loss of one that is handed out would be an unhandled 'error'
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
