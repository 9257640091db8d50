import type { Fault } from './fault.js';

export const secretFaults = [
  {
    id: 'F201',
    where: 'files',
    what: 'the file of the backend has another secret',
    check: 'secret/files-agree',
    expect: 'fail',
    trust: 'shared-secret',
  },
  {
    id: 'F206',
    where: 'process',
    what: 'a secret exported in the shell of the auth server beats the one in its file',
    check: 'secret/running-processes-agree',
    expect: 'fail',
  },
  {
    id: 'F210',
    where: 'DB',
    what: 'the signing key in the database is encrypted under an old secret',
    check: 'secret/jwks-decrypts',
    expect: 'fail',
    trust: 'jwks',
  },
  {
    id: 'F213',
    where: 'process',
    what: 'the file of the frontend was changed and the auth server not restarted',
    check: 'secret/process-older-than-file',
    expect: 'warn',
  },
] as const satisfies readonly Fault[];
