import type { Fault } from './fault.js';

export const tokenFaults = [
  {
    id: 'F032',
    where: 'FE',
    what: 'the expiration time is a number, read as 900 seconds after 1970: the token is born expired',
    check: 'token/fetch',
    expect: 'fail',
  },
  {
    id: 'F033',
    where: 'FE',
    what: 'the signing key in the database is encrypted under the secret before the last one',
    check: 'token/fetch',
    expect: 'fail',
    trust: 'jwks',
  },
  {
    id: 'F036',
    where: 'BE',
    what: 'the API verifies with another key or secret',
    check: 'token/accepted-by-api',
    expect: 'fail',
  },
  {
    id: 'F038',
    where: 'BE',
    what: 'the API expects the audience of another environment',
    check: 'token/accepted-by-api',
    expect: 'fail',
  },
  {
    id: 'F048',
    where: 'BE',
    what: 'the API decodes the token and never verifies it',
    check: 'token/signature-verified',
    expect: 'fail',
  },
  {
    id: 'F050',
    where: 'BE',
    what: 'the API accepts an empty signature',
    check: 'token/signature-verified',
    expect: 'fail',
  },
  {
    id: 'F051',
    where: 'BE',
    what: 'the API finds the kid and then takes any key of that algorithm',
    check: 'token/signature-verified',
    expect: 'fail',
    trust: 'jwks',
  },
] as const satisfies readonly Fault[];
