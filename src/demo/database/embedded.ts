import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { openArchive } from './archive.js';
import { archivePath } from './archive-path.js';

/** At least the sum of all pools: the auth server's, the API's, the migrator's, and room for whoever looks in. */
const maxConnections = 60;

/** PostgreSQL in this process and in memory, so that nothing is left of it; resolves to its URL. */
export async function startEmbedded(): Promise<string> {
  const db = await openArchive(archivePath());
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections });
  await server.start();
  return `postgresql://postgres:postgres@${server.getServerConn()}/postgres`;
}
