import { defineCheck, inconclusive, pass, problem, warn } from '../../core/check.js';
import { withFlippedSignature } from '../../token/forge.js';
import type { MakeClient } from '../reference-client.js';
import { withClient } from '../reference-client.js';
import session from '../session/login.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';
import recovers from './recovers.js';

const calls = 20;

/** The count of refreshes is a matter of the client; that the burst is borne, of the deployment. */
export const singleFlight = (make?: MakeClient) =>
  defineCheck({
    id: 'refresh/single-flight',
    title: `${calls} calls with one dead token, at once and through lockstep's own client, cost one refresh and all get through`,
    severity: 'high',
    impact: 'reads',
    core: true,
    judges: 'both',
    source: ['ASVS 15.4.2', 'ASVS 13.2.6', 'API4:2023'],
    needs: { session, token, route, recovers },
    problems: {
      'several-refreshes': { level: 'fail', text: '{refreshes} refreshes went to {url} for one dead token' },
      'too-many-calls': { level: 'fail', text: `{sent} calls went to {url} for ${calls} that were asked for` },
      lost: {
        level: 'fail',
        text: `{lost} of ${calls} calls to {url} at once did not get through: {how}`,
        hint: 'each of them gets through alone: see what the API does under several calls of one user',
      },
      limited: {
        level: 'warn',
        text: `{url} answered 429 to {limited} of ${calls} calls at once and as many retries`,
        hint: 'a page that loads with a dead token sends as many: allow them, or let the client hold calls back',
      },
    },
    async run(probe, { session, token, route }) {
      const { api, auth, target } = probe;
      const tokenUrl = `${auth.base}${target.tokenRoute.value}`;
      const refresh = () => auth.get(target.tokenRoute.value, { jar: session.jar });
      const dead = withFlippedSignature(token.jwt.reveal());
      const url = `${api.base}${route.path}`;
      return withClient(probe, { make, refresh, token: dead }, async ({ client, wire, lost, ending }) => {
        const ended = await Promise.all(Array.from({ length: calls }, () => ending(client.fetch(route.path))));
        if (lost() !== undefined) throw lost();
        const sent = wire.filter(({ kind }) => kind === 'call');
        const strange = sent.find(({ status, bearer }) => bearer === dead && status !== 401 && status !== 429);
        if (strange !== undefined) return inconclusive(`${url} answered ${strange.status} to a dead token`);
        const asked = wire.filter(({ kind }) => kind === 'refresh');
        const refused = asked.find(({ status }) => status !== 200);
        if (refused !== undefined) return inconclusive(`${tokenUrl} answered ${refused.status}`);
        if (asked.length > 1) return problem('several-refreshes', { url: tokenUrl, refreshes: asked.length });
        if (sent.length > 2 * calls) return problem('too-many-calls', { url, sent: sent.length });
        const failed = ended.filter((how) => how !== '200' && how !== '429');
        if (failed.length > 0)
          return problem('lost', { url, lost: failed.length, how: [...new Set(failed)].sort().join(', ') });
        const limited = sent.filter(({ status }) => status === 429).length;
        if (limited > 0) return warn(undefined, { code: 'limited' as const, data: { url, limited } });
        return asked.length === 1 ? pass() : inconclusive(`nobody asked ${tokenUrl}`);
      });
    },
  });

export default singleFlight();
