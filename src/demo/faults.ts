/** Where a fault sits: the auth server, the API, or what stands in front of them. */
type Where = 'FE' | 'BE' | 'edge';

/** A mistake that real deployments make and that can be planted in this one. */
export interface Fault {
  readonly id: `F${string}`;
  readonly where: Where;
  /** the mistake, present tense */
  readonly what: string;
  /** the check whose job it is to see it */
  readonly check: string;
  /** the verdict that this check then owes */
  readonly expect: 'fail' | 'warn';
  /** the settings under which the mistake can be made at all; any, unless given */
  readonly trust?: 'jwks' | 'shared-secret';
}

/**
 * Every fault that can be planted. In the code each is one line beside the healthy one, `if (fault('F149')) ...`, so
 * that the difference is the documentation. Ids are never reused.
 */
export const faults = [
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
] as const satisfies readonly Fault[];

export type FaultId = (typeof faults)[number]['id'];

/** Whether a text, from a command line say, names a fault. */
export function isFaultId(text: string): text is FaultId {
  return faults.some(({ id }) => id === text);
}
