import type { Fault } from './fault.js';

export const refreshFaults = [
  {
    id: 'F083',
    where: 'BE',
    what: 'an expired token is answered 500',
    check: 'refresh/unauthorised-is-401',
    expect: 'fail',
  },
  {
    id: 'F084',
    where: 'BE',
    what: 'the stream route answers 200 to a bad token and says so inside',
    check: 'refresh/unauthorised-is-401',
    expect: 'fail',
  },
  {
    id: 'F086',
    where: 'FE',
    what: 'every token of a session after the first is the same expired one',
    check: 'refresh/recovers',
    expect: 'fail',
    earlier: ['token/fetch'],
  },
  {
    id: 'F087',
    where: 'FE',
    what: 'every token of a session after the first is signed by a key that the API does not know',
    check: 'refresh/recovers',
    expect: 'fail',
    earlier: ['token/accepted-by-api'],
  },
  {
    id: 'F096',
    where: 'edge',
    what: 'a cache keeps the answers of the token route for an hour',
    check: 'refresh/returns-a-new-credential',
    expect: 'fail',
    edge: {},
  },
  {
    id: 'F108',
    where: 'BE',
    what: 'a stream that is resumed begins with the last event that the client has',
    check: 'refresh/stream-resumes-without-doubles',
    expect: 'fail',
  },
  {
    id: 'F110',
    where: 'BE',
    what: 'a resume stores a second message and answers it from its start',
    check: 'refresh/stream-resumes-without-doubles',
    expect: 'fail',
  },
  {
    id: 'F111',
    where: 'BE',
    what: 'events have no ids, so that nothing can be resumed',
    check: 'refresh/stream-resumes-without-doubles',
    expect: 'warn',
  },
] as const satisfies readonly Fault[];
