import { asHeader } from '../../../src/checks/session-cookie.js';
import check from '../../../src/checks/token/kind-confusion-refused.js';
import { foreign, live, session } from '../../support/auth-server-script.js';
import { gifts, hs256, protectedRoute, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import { bearerApi, theSecret } from '../../support/verifying-api.js';

const cached = hs256({ user: { id: 'user-a' } }, theSecret);
const cookies = `${asHeader(live)}; better-auth.session_data=${encodeURIComponent(cached)}; note=%E2%9C%93`;
const api = (takes: (text: string) => boolean | ScriptedReply) => bearerApi((jwt) => jwt === tokens.a || takes(jwt));

describeCheck(check, {
  given: {
    session: { ...session, jar: { ...session.jar, cookieHeader: async () => cookies } },
    token: gifts.token,
    route: protectedRoute,
  },
  passes: { 'it takes tokens only': api(() => false) },
  reports: {
    accepted: {
      'it looks up session tokens': api((text) => text === 'live'),
      'it takes the session cookie': api((text) => text.startsWith('live.')),
      'it takes the cached session': api((text) => text === cached),
    },
    crashed: { 'what is no token ends in 500': api(() => ({ status: 500 })) },
  },
  skips: {
    'there is no cookie of Better Auth': { ...api(() => false), given: { session: foreign } },
    'the route answers everybody': bearerApi(() => ({ status: 200, json: {} })),
  },
  inconclusive: { 'the good token is refused afterwards': bearerApi(() => false) },
});
