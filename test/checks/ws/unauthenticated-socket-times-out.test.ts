import check from '../../../src/checks/ws/unauthenticated-socket-times-out.js';
import { policy } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedSocket } from '../../support/fake-world.js';
import { byMessage, byQuery, control, socketRoutes } from '../../support/sockets.js';

const deployment = (answer: ScriptedSocket | (() => ScriptedSocket), longest = 61_000) => ({
  target: socketRoutes(byMessage),
  longest,
  socket: typeof answer === 'function' ? answer : () => answer,
});
const closes = (code: number) => deployment({ close: { code } });
/** the second socket is the one that pings */
const turns = (...answers: ScriptedSocket[]) => {
  let n = 0;
  return () => answers[n++ % answers.length] as ScriptedSocket;
};

const closesAtPing = (last: number): ScriptedSocket => {
  let pings = 0;
  return {
    pinged: (peer) => {
      if (++pings === last) peer.close(4408);
    },
  };
};

describeCheck(check, {
  given: { control },
  passes: {
    'it closes with 4408': closes(4408),
    'it closes with 3008': closes(3008),
    'it closes with 1008': closes(1008),
    'it closes with 4401': closes(4401),
  },
  reports: {
    'stays-open': {
      'there is no deadline': deployment({}),
      'pings put it off': deployment(turns({ close: { code: 4408 } }, {})),
      'there is no deadline, and a short one is declared': {
        ...deployment({}, 13_000),
        target: { ...socketRoutes(byMessage), policy: { ...policy, authDeadline: 2 } },
      },
    },
    unnamed: {
      'an edge cuts it': closes(1006),
      'it closes with 1000': closes(1000),
    },
    late: {
      'it closes what pings after five deadlines': deployment(turns({ close: { code: 4408 } }, closesAtPing(20))),
    },
  },
  skips: {
    'the handshake carries the token': { target: socketRoutes(byQuery) },
    'the deadline is longer than anybody waits': deployment({ close: { code: 4408 } }, 9_000),
    'it is open after the deadline, and more time is not allowed': deployment({}, 20_000),
  },
  inconclusive: { 'the handshake is refused': deployment({ status: 403 }) },
});
