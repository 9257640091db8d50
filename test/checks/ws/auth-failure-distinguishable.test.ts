import check from '../../../src/checks/ws/auth-failure-distinguishable.js';
import type { Refused } from '../../../src/checks/ws/unusable-token-refused.js';
import { policy } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { control } from '../../support/sockets.js';

const refusal = (how: Partial<Refused>): Refused => ({
  ...control,
  acked: false,
  messages: [],
  what: 'a token',
  ...how,
});
const closed = (code: number) => refusal({ closed: { code, reason: '' } });
const handshake = (status: number) => refusal({ status });
const seen = (...refusals: Refused[]) => ({ given: { refusals } });

describeCheck(check, {
  given: { refusals: [] },
  passes: {
    'it closes with 4401': seen(closed(4401), closed(4401)),
    'it closes with 1008, 3000, 3003 or 4403': seen(closed(1008), closed(3000), closed(3003), closed(4403)),
    'it refuses the handshake': seen(handshake(401), handshake(403)),
    'its own code is declared': {
      ...seen(closed(3500)),
      target: { policy: { ...policy, authCloseCodes: [3500] } },
    },
    'what was taken by mistake is the finding of another check': seen(
      closed(4401),
      refusal({ acked: true, what: 'an empty token' }),
      refusal({ what: 'a token that is neither taken nor refused' }),
    ),
  },
  reports: {
    'looks-like-loss': {
      'it destroys the socket': seen(closed(1006)),
      'it closes with 1011': seen(closed(1011)),
      'it closes without a code': seen(closed(1005)),
      'it says that it goes away': seen(closed(1001)),
      'it says to try again later': seen(closed(1013)),
      'it crashes in the handshake': seen(handshake(500)),
      'it drops the connection in the handshake': seen(handshake(0)),
      'one of many tokens ends so': seen(closed(4401), closed(4401), closed(1006)),
      'its code for losses is declared and the handshake crashes': {
        ...seen(handshake(502)),
        target: { policy: { ...policy, authCloseCodes: [502] } },
      },
    },
    'looks-clean': {
      'it closes with 1000': seen(closed(1000)),
      'one token ends so': seen(handshake(401), closed(1000)),
    },
    unnamed: {
      'it answers 404': seen(handshake(404)),
      'it answers 400': seen(handshake(400)),
      'it closes with a code that nobody declared': seen(closed(4321)),
      'it closes with 1002': seen(closed(1002)),
    },
  },
  skips: { 'nothing was refused': seen(refusal({ acked: true })), 'nothing was tried': seen() },
});
