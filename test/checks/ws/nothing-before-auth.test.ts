import check from '../../../src/checks/ws/nothing-before-auth.js';
import { gifts, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedPeer } from '../../support/fake-world.js';
import { byMessage, byQuery, control, firstMessageServer, parsed, socketRoutes } from '../../support/sockets.js';

const declared = socketRoutes(byMessage, { ask: { type: 'ping', n: '{canary}' } });
const pong = (text: string, { say }: ScriptedPeer) => parsed(text).type === 'ping' && say('{"type":"pong","at":1}');
const admits = (token: string) => token === tokens.a;
const server = (options: Partial<Parameters<typeof firstMessageServer>[0]> = {}) => ({
  target: declared,
  socket: firstMessageServer({ admits, talks: pong, ...options }),
});

/** keeps what comes too early, and does it once somebody is admitted */
const keeping = () => {
  const kept: string[] = [];
  return server({
    early: (text) => void kept.push(text),
    admitted: (peer) => {
      for (const text of kept.splice(0)) pong(text, peer);
    },
  });
};

describeCheck(check, {
  given: { token: gifts.token, control },
  passes: {
    'it closes with 4401': server(),
    'it drops what comes too early': server({ early: () => {} }),
    'it says why and closes': server({
      early: (_, { say, close }) => {
        say('{"type":"error","code":"unauthorized"}');
        close(4401);
      },
    }),
    'it drops what comes too early, and greets whoever is admitted': server({
      early: () => {},
      admitted: ({ say }) => say('{"type":"history","items":[]}'),
    }),
  },
  reports: {
    answered: {
      'it answers anybody': server({ early: pong }),
      'it tells anybody something else': server({
        early: (_, { say }) => say('{"type":"history","items":["private"]}'),
      }),
    },
    'done-late': { 'it keeps messages until somebody is admitted': keeping() },
  },
  skips: {
    'the handshake carries the token': { target: socketRoutes(byQuery, { ask: { type: 'ping' } }) },
    'nothing is declared that it answers': { target: socketRoutes(byMessage) },
  },
  inconclusive: {
    'it answers nothing even afterwards': server({ talks: () => {} }),
    'the good token is refused': server({ admits: () => false }),
  },
});
