import type { ResponseLike } from '../../client/index.js';
import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import type { Reply } from '../../core/reply.js';
import { items, pointer, reveals } from '../../core/reply.js';
import { withFlippedSignature } from '../../token/forge.js';
import { filled, promiseRemoval } from '../own-object.js';
import type { MakeClient, Transport } from '../reference-client.js';
import { withClient } from '../reference-client.js';
import session from '../session/login.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';
import recovers from './recovers.js';

/** A create whose token is dead: refused once, refreshed, sent again by lockstep's own client, and there once. */
export const postNotDoubled = (make?: MakeClient) =>
  defineCheck({
    id: 'refresh/post-not-doubled',
    title:
      "a create with a dead token that lockstep's own client sends again makes one object, with all that was in it",
    severity: 'high',
    impact: 'writes',
    judges: 'both',
    source: ['RFC 9110 9.2.2', 'ASVS 2.3.3'],
    needs: { session, token, route, recovers },
    problems: {
      'made-when-refused': {
        level: 'fail',
        text: '{url} made an object for a request that it answered 401',
        hint: 'verify the token before anything is done: each refresh of a client doubles what it was doing',
      },
      doubled: { level: 'fail', text: '{url} lists {count} objects for one create' },
      lost: { level: 'fail', text: 'the create did not get through to {url} the second time: {how}' },
    },
    async run(probe, { session, token }) {
      const { api, auth, target } = probe;
      const { value, declared } = target.routes.resources;
      const resource = value[0];
      if (resource === undefined) return skip('no resources declared: give routes.resources in lockstep.json');
      const bearer = token.jwt;
      const before = await api.get(resource.collection, { bearer });
      if (before.status < 200 || before.status > 299)
        return declared
          ? inconclusive(`${before.url} answered ${before.status}`)
          : skip(`${before.url} answered ${before.status}: declare routes.resources in lockstep.json`);
      const canary = probe.canary();
      const made = await promiseRemoval(probe, resource, canary, bearer);
      const count = async () => {
        const list = await api.get(resource.collection, { bearer });
        const found = items(list.json).filter((one) => JSON.stringify(one).includes(canary));
        return { ids: new Set(found.map((one) => String(pointer(one, resource.id)))).size, list };
      };
      const refresh = () => auth.get(target.tokenRoute.value, { jar: session.jar });
      const layer =
        (next: Transport): Transport =>
        async (path, init) => {
          const response: ResponseLike & { readonly reply?: Reply } = await next(path, init);
          if (response.status >= 200 && response.status < 300) await made(response.reply?.json);
          return response;
        };
      const dead = withFlippedSignature(bearer.reveal());
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(filled(resource.create, canary)),
      };
      return withClient(probe, { make, refresh, token: dead, layer }, async ({ client, wire, lost, ending }) => {
        const how = await ending(client.fetch(resource.collection, init));
        if (lost() !== undefined) throw lost();
        const calls = wire.filter(({ kind }) => kind === 'call');
        if (calls[0]?.status !== 401) return inconclusive(`${before.url} answered ${calls[0]?.status} to a dead token`);
        const { ids, list } = await count();
        const url = list.url;
        const taken = calls.filter(({ status }) => status >= 200 && status < 300).length;
        if (ids > taken) return problem('made-when-refused', { url });
        if (ids > 1) return problem('doubled', { url, count: ids });
        if (taken === 0) return problem('lost', { url, how });
        if (ids === 1) return pass();
        return reveals(list, canary)
          ? inconclusive(`${url} lists the object without an id at ${resource.id}`)
          : skip(`${url} does not list what was just made: nothing can be counted there`);
      });
    },
  });

export default postNotDoubled();
