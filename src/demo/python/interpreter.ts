import { execFile } from 'node:child_process';
import { LockstepError } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import { bareEnvironment } from '../environment.js';

const modules = ['starlette', 'uvicorn', 'websockets', 'jwt', 'cryptography', 'psycopg2'];

/**
 * A Python that can run the second backend: the one named by LOCKSTEP_PYTHON, Debian's, or the first on the path. Throws
 * a LockstepError where none can.
 */
export async function findPython(): Promise<string> {
  for (const python of [process.env.LOCKSTEP_PYTHON, '/usr/bin/python3', 'python3']) {
    if (python !== undefined && (await imports(python))) return python;
  }
  throw new LockstepError('python-missing', `no python3 here can import ${modules.join(', ')}`, {
    exit: Exit.unfinished,
    hint: 'on Debian: apt-get install python3-starlette python3-uvicorn python3-websockets python3-jwt python3-cryptography python3-psycopg2',
  });
}

function imports(python: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(python, ['-I', '-c', `import ${modules.join(', ')}`], { env: bareEnvironment() }, (error) =>
      resolve(error === null),
    );
  });
}
