import type { Fault } from './fault.js';

export const isolationFaults = [
  {
    id: 'F149',
    where: 'BE',
    what: 'tasks have no owner filter at all: neither by id nor in the list',
    check: 'isolation/read',
    expect: 'fail',
  },
  {
    id: 'F150',
    where: 'BE',
    what: 'the owner is checked in the list and not by id',
    check: 'isolation/read',
    expect: 'fail',
  },
  {
    id: 'F155',
    where: 'BE',
    what: 'the list has no owner filter',
    check: 'isolation/list',
    expect: 'fail',
  },
  {
    id: 'F156',
    where: 'BE',
    what: 'the list obeys ?userId= of anybody',
    check: 'isolation/list',
    expect: 'fail',
  },
  {
    id: 'F158',
    where: 'BE',
    what: 'the total of the list counts the tasks of all users',
    check: 'isolation/list',
    expect: 'fail',
  },
  {
    id: 'F174',
    where: 'edge',
    what: 'a cache keeps the answers of the API by their path, whoever asks',
    check: 'isolation/cache-crosstalk',
    expect: 'fail',
    edge: {},
  },
] as const satisfies readonly Fault[];
