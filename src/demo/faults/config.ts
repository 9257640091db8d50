import type { Fault } from './fault.js';

export const configFaults = [
  {
    id: 'F189',
    where: 'edge',
    what: 'the auth server knows of no proxy: who sends an X-Forwarded-For shares one limit with all others who do',
    check: 'config/client-ip-known',
    expect: 'fail',
    edge: {},
    production: true,
  },
  {
    id: 'F198',
    where: 'edge',
    what: 'two auth servers in turn have different secrets',
    check: 'config/replicas-agree',
    expect: 'fail',
    edge: { replicas: true },
  },
  {
    id: 'F200',
    where: 'edge',
    what: 'two auth servers in turn keep their sessions in memory, each its own',
    check: 'config/replicas-agree',
    expect: 'fail',
    edge: { replicas: true },
  },
] as const satisfies readonly Fault[];
