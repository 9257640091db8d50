import { join } from 'node:path';
import { packageRoot } from '../package-root.js';

/** Where the build leaves the initialised data folder, and the demo finds it. */
export function archivePath(): string {
  return join(packageRoot(), 'dist', 'demo', 'database.tar.gz');
}
