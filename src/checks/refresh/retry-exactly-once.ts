import { ClientError } from '../../client/index.js';
import { defineCheck, inconclusive, pass, problem } from '../../core/check.js';
import { withFlippedSignature } from '../../token/forge.js';
import type { MakeClient, Transport } from '../reference-client.js';
import { responseOf, withClient } from '../reference-client.js';
import session from '../session/login.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';

const more = 50;
/** Calls beyond this are not answered any more: a client that goes on for ever must not do so here. */
const tooMany = 4 * (more + 1);

/**
 * What a mismatch of secrets looks like to a browser: 401 to every call, for ever. The API is not asked at all: a layer
 * between it and the client answers in its place, while the refreshes are real.
 */
export const retryExactlyOnce = (make?: MakeClient) =>
  defineCheck({
    id: 'refresh/retry-exactly-once',
    title:
      "401 for ever costs one refresh, two attempts a call, and an error (lockstep's own client; no other is judged)",
    severity: 'critical',
    impact: 'reads',
    core: true,
    judges: 'self',
    source: ['RFC 9110 15.5.2', 'ASVS 13.2.6', 'ASVS 2.4.1'],
    needs: { session, token, route },
    problems: {
      loop: { level: 'fail', text: 'the client sent one call {attempts} times' },
      storm: { level: 'fail', text: 'the client refreshed {refreshes} times for {calls} calls that were all refused' },
      'old-token': { level: 'fail', text: 'the client tried again with the very token that had been refused' },
      'no-error': { level: 'fail', text: 'the client ended a call that was refused twice with {how}' },
      hangs: { level: 'fail', text: 'the client neither ended a call that was refused nor gave it up' },
    },
    async run(probe, { session, token, route }) {
      const { auth, target } = probe;
      const refresh = () => auth.get(target.tokenRoute.value, { jar: session.jar });
      const dead = withFlippedSignature(token.jwt.reveal());
      let answered = 0;
      const layer = (): Transport => async () => {
        if (++answered > tooMany) throw new ClientError({ kind: 'aborted' });
        return responseOf(401, [['content-length', '0']]);
      };
      return withClient(probe, { make, refresh, token: dead, layer }, async ({ client, wire, lost, ending }) => {
        const attempts: (readonly string[])[] = [];
        const ended: string[] = [];
        for (let call = 0; call <= more; call++) {
          const before = wire.length;
          const how = await ending(client.fetch(route.path));
          ended.push(how);
          attempts.push(wire.slice(before).flatMap(({ kind, bearer }) => (kind === 'call' ? [bearer] : [])));
          if (how === 'hangs' || answered > tooMany) break;
        }
        if (lost() !== undefined) throw lost();
        const asked = wire.filter(({ kind }) => kind === 'refresh');
        const most = Math.max(...attempts.map(({ length }) => length));
        if (most > 2) return problem('loop', { attempts: most });
        if (asked.length > 1) return problem('storm', { refreshes: asked.length, calls: attempts.length });
        if (ended.includes('hangs')) return problem('hangs', {});
        if (attempts.some(([first, second]) => second !== undefined && second === first))
          return problem('old-token', {});
        const url = `${auth.base}${target.tokenRoute.value}`;
        const refused = asked.find(({ status }) => status !== 200);
        if (refused !== undefined) return inconclusive(`${url} answered ${refused.status}`);
        const wrong = ended.find((how) => !how.startsWith('auth'));
        if (wrong?.startsWith('refresh-') === true) return inconclusive(`${url} gave no new token: ${wrong}`);
        if (wrong !== undefined) return problem('no-error', { how: wrong });
        return asked.length === 1 ? pass() : inconclusive(`nobody asked ${url}`);
      });
    },
  });

export default retryExactlyOnce();
