import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import { reveals } from '../../core/reply.js';
import type { Secret } from '../../core/secret.js';
import type { Resource } from '../../core/target.js';
import type { Creation } from '../own-object.js';
import { create, filled } from '../own-object.js';
import { remove } from '../removal.js';
import session from '../session/login.js';
import secondUser from '../session/second-user.js';
import token from '../token/fetch.js';
import { isTombstone } from '../tombstone.js';
import example from './owner-reads-back.js';

/** Answers to a change that is offered, and not in this form: its body, its type, a precondition. */
const wanting = [400, 409, 412, 415, 422, 428];

export default defineCheck({
  id: 'isolation/modify',
  title: "a user can neither change nor remove another user's object",
  severity: 'critical',
  impact: 'writes',
  core: true,
  source: ['ASVS 8.2.2', 'WSTG-ATHZ-04', 'WSTG-APIT-02', 'OWASP API1:2023'],
  needs: { session, token, secondUser, example },
  problems: {
    changed: {
      level: 'fail',
      text: '{method} {url} by {reader} changed what belongs to {owner}',
      hint: 'put the owner into the WHERE of that UPDATE',
    },
    removed: {
      level: 'fail',
      text: '{method} {url} by {reader} removed what belongs to {owner}',
      hint: 'put the owner into the WHERE of that DELETE',
    },
    misleading: {
      level: 'warn',
      text: '{method} {url} answered {status} to {reader}, and changed nothing of {owner}',
      hint: 'answer 404: a success misleads',
    },
  },
  async run(probe, { session, token, secondUser, example: { resource } }) {
    if (secondUser.session.userId === session.userId) return inconclusive('both users are the same person');
    const { api } = probe;
    const foreign = secondUser.token.jwt;
    const canary = probe.canary();
    const creation = await create(probe, resource, canary, token.jwt);
    const { reply, made } = creation;
    if (made === null) return inconclusive(`${reply.url} answered ${reply.status} to a create`);
    const look = () => api.get(made.path, { bearer: token.jwt });
    const [before, again] = [await look(), await look()];
    if (!reveals(before, canary)) return inconclusive(`${before.url} does not give its owner what was stored`);
    // what changes by being looked at is compared by its canary alone
    const steady = before.text === again.text;
    const people = { reader: secondUser.session.email, owner: session.email };

    const tried: Reply[] = [];
    for (const method of ['PATCH', 'PUT', 'DELETE']) {
      const marker = probe.canary();
      const body = method === 'DELETE' ? undefined : updateOf(resource, marker);
      const answer = await api.send(method, made.path, body, { bearer: foreign });
      const after = await look();
      const { url } = answer;
      if (after.status === 404 || after.status === 410 || (isTombstone(after.json) && !isTombstone(before.json)))
        return problem('removed', { method, url, ...people });
      // the owner may no longer see it: it is somebody else's
      if (after.status === 403) {
        probe.defer(async ({ api }) => void (await api.send('DELETE', made.path, undefined, { bearer: foreign })));
        return problem('changed', { method, url, ...people });
      }
      if (after.status !== before.status)
        return inconclusive(`${after.url} answered ${after.status} to its owner after ${method} by another`);
      if (reveals(after, marker) || !reveals(after, canary) || (steady && after.text !== before.text))
        return problem('changed', { method, url, ...people });
      tried.push(answer);
    }

    const own = await ownPower(probe, { resource, creation, path: made.path, canary, bearer: token.jwt });
    // what is refused to everybody for its body says nothing of who may send it
    if (own.misunderstood !== null)
      return skip(`${own.misunderstood} to its own owner: declare a fitting update of that resource in lockstep.json`);
    if (own.can.length === 0) return skip(`${made.path} can be neither changed nor removed by its own owner`);
    const success = tried.find(({ status, method }) => own.can.includes(method) && status >= 200 && status < 300);
    if (success === undefined) return pass();
    const { method, url, status } = success;
    return warn(undefined, { code: 'misleading', data: { method, url, status, ...people } });
  },
});

function updateOf(resource: Resource, marker: string): unknown {
  return filled(resource.update ?? resource.create, marker);
}

/** The methods by which the owner really can do what the other was refused, and the change that was not understood. */
async function ownPower(
  { api, canary: fresh }: Probe,
  own: { resource: Resource; creation: Creation; path: string; canary: string; bearer: Secret },
): Promise<{ can: string[]; misunderstood: string | null }> {
  const can: string[] = [];
  const { path, bearer } = own;
  let kept = own.canary;
  let misunderstood: string | null = null;
  for (const method of ['PATCH', 'PUT']) {
    const marker = fresh();
    const { status } = await api.send(method, path, updateOf(own.resource, marker), { bearer });
    if (!reveals(await api.get(path, { bearer }), marker)) {
      if (wanting.includes(status)) misunderstood ??= `${path} answered ${status} to ${method}`;
      continue;
    }
    can.push(method);
    kept = marker;
  }
  if (can.length > 0) misunderstood = null;
  if (await remove(api, own.creation, kept, bearer)) can.push('DELETE');
  return { can, misunderstood };
}
