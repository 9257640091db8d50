import type { Fault } from './fault.js';

export const sessionFaults = [
  {
    id: 'F002',
    where: 'FE',
    what: 'get-session answers a fixed demo user whatever the cookie',
    check: 'session/login',
    expect: 'fail',
  },
  {
    id: 'F003',
    where: 'FE',
    what: 'the jwt plugin throws after get-session: 500 with an empty body while sign-in is 200',
    check: 'session/login',
    expect: 'fail',
  },
  {
    id: 'F008',
    where: 'edge',
    what: 'the edge writes its own origin into the Origin of every request',
    check: 'session/csrf-origin-enforced',
    expect: 'fail',
    edge: {},
  },
  {
    id: 'F026',
    where: 'edge',
    what: 'a cache keeps get-session by its path, for everybody',
    check: 'session/session-responses-not-cacheable',
    expect: 'fail',
    edge: {},
  },
  {
    id: 'F029',
    where: 'edge',
    what: 'the edge passes on the X-Forwarded-For that a client sends, and the limiter believes it',
    check: 'session/login-rate-limited',
    expect: 'fail',
    edge: {},
    production: true,
  },
] as const satisfies readonly Fault[];
