import type { Fault } from './fault.js';

export const refreshFaults = [
  {
    id: 'F086',
    where: 'FE',
    what: 'every token of a session after the first is the same expired one',
    check: 'refresh/recovers',
    expect: 'fail',
  },
  {
    id: 'F087',
    where: 'FE',
    what: 'every token of a session after the first is signed by a key that the API does not know',
    check: 'refresh/recovers',
    expect: 'fail',
  },
  {
    id: 'F096',
    where: 'edge',
    what: 'a cache keeps the answers of the token route for an hour',
    check: 'refresh/returns-a-new-credential',
    expect: 'fail',
    edge: {},
  },
] as const satisfies readonly Fault[];
