import check from '../../../src/checks/session/cookie-tamper-refused.js';
import { sealOf } from '../../../src/checks/session-cookie.js';
import { Secret } from '../../../src/core/secret.js';
import { authServer, foreign, healthy, session } from '../../support/auth-server-script.js';
import { describeCheck } from '../../support/describe-check.js';
import { theSecret } from '../../support/verifying-api.js';

const sealStarts = (bytes: number) =>
  authServer((cookie) => {
    const right = sealOf(cookie?.token ?? '', new Secret(theSecret));
    return cookie?.mac.subarray(0, bytes).equals(right.subarray(0, bytes)) === true;
  });

describeCheck(check, {
  given: { session },
  passes: {
    'the whole seal is compared': authServer(healthy),
    'strangers are answered 400': authServer((cookie, sealed) => healthy(cookie, sealed, 0) || { status: 400 }),
  },
  reports: {
    accepted: {
      'the seal is not looked at': authServer((cookie) => cookie !== null),
      'the first eight bytes of it are': sealStarts(8),
      'the first sixteen are': sealStarts(16),
      'another token under the old seal is taken': authServer(
        (cookie) => cookie?.mac.equals(sealOf('live', new Secret(theSecret))) === true,
      ),
    },
    crashed: {
      'a wrong seal ends in 500': authServer((cookie, sealed) => healthy(cookie, sealed, 0) || { status: 500 }),
    },
  },
  skips: { 'the cookie is not that of Better Auth': { ...authServer(healthy), given: { session: foreign } } },
  inconclusive: {
    'the cookie opens nothing even unchanged': authServer(() => false),
    'the session is over afterwards': authServer((cookie, sealed, times) => healthy(cookie, sealed, 0) && times < 1),
  },
});
