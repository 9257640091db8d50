import pg from 'pg';

/** A pool of at most `max` connections, which outlives the loss of each of them. */
export function openPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  // an idle connection that the database closed is replaced at the next query: no reason to die
  pool.on('error', () => {});
  return pool;
}
