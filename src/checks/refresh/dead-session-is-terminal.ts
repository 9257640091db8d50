import { defineCheck, inconclusive, pass, problem } from '../../core/check.js';
import { withFlippedSignature } from '../../token/forge.js';
import type { MakeClient } from '../reference-client.js';
import { withClient } from '../reference-client.js';
import { signOut, spare } from '../spare.js';
import route from '../token/accepted-by-api.js';

const calls = 10;
const later = 3;

/** What keeps the session alive for a moment although it has ended: a server may believe it (`cookieCache`). */
const cache = /(^|[._-])session_data/;

/** The session is ended by another client of the same user: this one learns of it from the refresh alone. */
export const deadSession = (make?: MakeClient) =>
  defineCheck({
    id: 'refresh/dead-session-is-terminal',
    title: "after a sign-out elsewhere one refresh is refused, and lockstep's own client asks nothing more",
    severity: 'high',
    impact: 'writes',
    judges: 'both',
    source: ['ASVS 7.4.1'],
    needs: { route },
    problems: {
      revived: {
        level: 'fail',
        text: '{url} gave a token to a session that had signed out',
        hint: 'the session outlives its sign-out: see whether its row is gone, and on which replica',
      },
      'several-refreshes': {
        level: 'fail',
        text: 'the client asked {url} {refreshes} times for a session that is over',
      },
      'goes-on': { level: 'fail', text: 'the client sent {sent} more calls after it knew that its session is over' },
      'not-told': { level: 'fail', text: 'the client ended calls of a session that is over with {how}' },
    },
    async run(probe, { route }) {
      const { auth, target } = probe;
      const other = await spare(probe);
      if (other.kind !== 'signed-in') return other;
      const url = `${auth.base}${target.tokenRoute.value}`;
      const cookie = (await other.session.jar.cookieHeader(url))
        .split('; ')
        .filter((pair) => !cache.test(pair.split('=')[0] ?? ''))
        .join('; ');
      const fault = await signOut(probe, other.session);
      if (fault !== null) return inconclusive(fault);
      const dead = withFlippedSignature(other.token.jwt.reveal());
      const refresh = () => auth.get(target.tokenRoute.value, { headers: { cookie } });
      return withClient(probe, { make, refresh, token: dead }, async ({ client, wire, lost, ending }) => {
        const many = (count: number) =>
          Promise.all(Array.from({ length: count }, () => ending(client.fetch(route.path))));
        const ended = await many(calls);
        if (lost() !== undefined) throw lost();
        const asked = wire.filter(({ kind }) => kind === 'refresh');
        if (asked.some(({ status }) => status === 200)) return problem('revived', { url });
        const strange = wire.find(({ kind, status }) => kind === 'call' && status !== 401);
        if (strange !== undefined) return inconclusive(`${route.path} answered ${strange.status} to a dead token`);
        const unclear = asked.find(({ status }) => status !== 401 && status !== 403);
        if (unclear !== undefined) return inconclusive(`${url} answered ${unclear.status}`);
        if (ended.includes('hangs')) return problem('not-told', { how: 'nothing at all' });
        const before = wire.length;
        ended.push(...(await many(later)));
        if (wire.filter(({ kind }) => kind === 'refresh').length > 1)
          return problem('several-refreshes', { url, refreshes: wire.filter(({ kind }) => kind === 'refresh').length });
        if (wire.length > before) return problem('goes-on', { sent: wire.length - before });
        const wrong = ended.find((how) => how !== 'session-dead');
        if (wrong !== undefined) return problem('not-told', { how: wrong });
        return asked.length === 1 ? pass() : inconclusive(`nobody asked ${url}`);
      });
    },
  });

export default deadSession();
