import { expect, it } from 'vitest';
import check from '../../../src/checks/ws/connects-after-auth.js';
import { Unreachable } from '../../../src/core/errors.js';
import type { Probe, SocketOptions } from '../../../src/core/probe.js';
import type { Routes } from '../../../src/core/target.js';
import { gifts, target, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedSocket, SocketScript } from '../../support/fake-world.js';

const socket = (answer: ScriptedSocket): { socket: SocketScript } => ({ socket: () => answer });
const ready = JSON.stringify({ type: 'ready', user: 'user-a' });
const routes = (auth: Routes['socket']['value']['auth'], declared = true, ack: unknown = { type: 'ready' }) => ({
  target: { routes: { ...target().routes, socket: { value: { url: 'ws://api.test/api/ws', auth, ack }, declared } } },
});
const query = { mode: 'query', name: 'token' } as const;
const unreachable: SocketScript = () => {
  throw new Unreachable('ws://api.test/api/ws', 'handshake', 'connection refused: nothing listens there');
};

describeCheck(check, {
  given: { token: gifts.token },
  passes: {
    'the ack comes': socket({ messages: [ready] }),
    'the ack comes after other messages': socket({ messages: ['{"type":"hello"}', 'not json', ready] }),
    'the token is wanted in the query': {
      ...routes(query),
      socket: ({ url }) =>
        new URL(url).searchParams.get('token') === tokens.a ? { messages: [ready] } : { status: 401 },
    },
    'the token is wanted as a subprotocol': {
      ...routes({ mode: 'subprotocol', protocol: 'bearer' }),
      socket: ({ protocols }) =>
        protocols.join(' ') === `bearer ${tokens.a}` ? { messages: [ready] } : { status: 401 },
    },
    'the token is wanted in a header': {
      ...routes({ mode: 'header' }),
      socket: ({ headers }) =>
        headers.authorization === `Bearer ${tokens.a}` ? { messages: [ready] } : { status: 401 },
    },
    'the token is wanted as the first message': {
      ...routes({ mode: 'message', template: '{"type":"auth","token":"{token}"}' }),
      socket: ({ firstMessage = 'null' }) =>
        JSON.parse(firstMessage)?.token === tokens.a ? { messages: [ready] } : { close: { code: 4401 } },
    },
    'no ack is declared and it stays open': { ...routes(query, false, null), ...socket({}) },
    'no ack is declared and a usual one comes': { ...routes(query, false, null), ...socket({ messages: [ready] }) },
  },
  reports: {
    'not-upgraded': {
      'an edge drops the Upgrade header': socket({ status: 426 }),
      'the handshake is refused': socket({ status: 401 }),
      'the handshake is refused at an assumed address': { ...routes(query, false, null), ...socket({ status: 401 }) },
      'a page answers': socket({ status: 200 }),
    },
    closed: {
      'it closes with 4401': socket({ close: { code: 4401, reason: 'token' } }),
      'no ack is declared and it closes after a banner': {
        ...routes(query, false, null),
        ...socket({ messages: ['hello'], close: { code: 4401 } }),
      },
    },
    'no-ack': {
      'nothing is said': socket({}),
      'something else is said': socket({ messages: ['{"type":"welcome"}'] }),
      'no ack is declared and a refusal is said without closing': {
        ...routes(query, false, null),
        ...socket({ messages: ['{"type":"error","code":"unauthorized"}'] }),
      },
    },
  },
  skips: {
    'an assumed path is not a socket': { ...routes(query, false, null), ...socket({ status: 404 }) },
    'an assumed address is closed': { ...routes(query, false, null), socket: unreachable },
  },
  inconclusive: {
    'a limit is used up': socket({ status: 429 }),
    'a declared address is closed': { socket: unreachable },
    'nothing is at a declared path': socket({ status: 404 }),
  },
});

it.each([
  ['a declared ack is waited for three times as long as anything else', { type: 'ready' }, 15_000],
  ['a socket without an ack is listened to as long as ever', null, undefined],
])('%s', async (_, ack, patience) => {
  let asked: SocketOptions | undefined;
  const { routes: declared } = routes(query, true, ack).target;
  const probe: Pick<Probe, 'target' | 'socket'> = {
    target: target({ routes: declared }),
    async socket(options) {
      asked = options;
      return { url: '', sent: true, status: 101, protocol: '', acked: true, messages: [], closed: null };
    },
  };
  expect(await check.run(probe as Probe, { token: gifts.token })).toMatchObject({ kind: 'passed' });
  expect(asked?.patience).toBe(patience);
});
