import check from '../../../src/checks/config/client-ip-known.js';
import { policy } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script } from '../../support/fake-world.js';

const session = { status: 200, json: null };

/** Three sign-ins an address; `address` says whom a request is counted for. */
function limited(address: (forwarded: string | undefined) => string, most = 3): { http: Script } {
  const counts = new Map<string, number>();
  return {
    http: {
      'POST /api/auth/sign-in/email': ({ headers }) => {
        const who = address(headers['x-forwarded-for']);
        const count = (counts.get(who) ?? 0) + 1;
        counts.set(who, count);
        return { status: count > most ? 429 : 401 };
      },
      'GET /api/auth/get-session': session,
    },
  };
}

describeCheck(check, {
  passes: { 'what the client sends does not count': limited(() => 'the connection') },
  reports: {
    'client-chooses': {
      'it is believed': limited((forwarded) => forwarded ?? 'the connection'),
      'who sends any shares one count': limited((forwarded) => (forwarded === undefined ? 'the connection' : 'all')),
    },
  },
  skips: {
    'nothing is limited': limited(() => 'the connection', 100),
    'the edge limits, as declared': { target: { policy: { ...policy, rateLimit: 'edge' } } },
  },
  inconclusive: {
    'the limit runs out meanwhile': (() => {
      let nth = 0;
      return {
        http: {
          'POST /api/auth/sign-in/email': () => ({ status: nth++ === 3 ? 429 : 401 }),
          'GET /api/auth/get-session': session,
        },
      };
    })(),
    'everything is refused so': {
      http: { 'POST /api/auth/sign-in/email': { status: 429 }, 'GET /api/auth/get-session': { status: 429 } },
    },
  },
});
