import type { Fault } from './fault.js';

export const wsFaults = [
  {
    id: 'F113',
    where: 'edge',
    what: 'the edge drops Upgrade: the handshake is answered 426',
    check: 'ws/connects-after-auth',
    expect: 'fail',
  },
  {
    id: 'F114',
    where: 'BE',
    what: 'the socket looks for the token in another place',
    check: 'ws/connects-after-auth',
    expect: 'fail',
  },
  {
    id: 'F116',
    where: 'BE',
    what: 'the socket takes an empty token for a guest',
    check: 'ws/unusable-token-refused',
    expect: 'fail',
  },
  {
    id: 'F117',
    where: 'BE',
    what: 'the socket takes the text `undefined` for a guest',
    check: 'ws/unusable-token-refused',
    expect: 'fail',
  },
  {
    id: 'F119',
    where: 'BE',
    what: 'the socket verifies the signature and not the expiration',
    check: 'ws/unusable-token-refused',
    expect: 'fail',
  },
  {
    id: 'F120',
    where: 'BE',
    what: 'the socket ignores the token when a session cookie comes with it',
    check: 'ws/unusable-token-refused',
    expect: 'fail',
  },
  {
    id: 'F132',
    where: 'edge',
    what: 'the access log has the query of each request, with the token of the socket in it',
    check: 'ws/token-not-in-url',
    expect: 'warn',
    edge: {},
  },
] as const satisfies readonly Fault[];
