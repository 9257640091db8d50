import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import { reveals } from '../../core/reply.js';
import { pages } from '../listing.js';
import { create, filled } from '../own-object.js';
import session from '../session/login.js';
import secondUser from '../session/second-user.js';
import token from '../token/fetch.js';
import { wentOver } from '../went-over.js';
import object from './owner-reads-back.js';

/** What frameworks and habits call the owner of a row. */
const ownerFields = ['ownerId', 'owner_id', 'owner', 'userId', 'user_id', 'user', 'createdBy', 'created_by'];

export default defineCheck({
  id: 'isolation/create-for-other',
  title: "a user can create nothing in another user's name or under another user's object",
  severity: 'high',
  impact: 'writes',
  source: ['ASVS 8.2.2', 'ASVS 8.2.3', 'ASVS 15.3.3', 'OWASP API3:2023'],
  needs: { session, token, secondUser, object },
  problems: {
    'in-their-name': {
      level: 'fail',
      text: '{url} made an object of {owner} for {reader}, whose body named them as {field}',
      hint: 'take the owner from the token, and only known members from the body',
    },
    'under-their-object': {
      level: 'fail',
      text: '{url} put something of {reader} under what belongs to {owner}',
      hint: 'ask whose the parent is before something is put under it',
    },
  },
  async run(probe, { session, token, secondUser, object }) {
    if (secondUser.session.userId === session.userId) return inconclusive('both users are the same person');
    const { api } = probe;
    const bearer = secondUser.token.jwt;
    const { resource } = object;
    const people = { reader: secondUser.session.email, owner: session.email };
    const named = await Promise.all(
      ownerFields.map(async (field) => {
        const canary = probe.canary();
        const fields = { [field]: session.userId };
        const { reply, made } = await create(probe, resource, canary, bearer, { fields, orOf: token.jwt });
        return { field, canary, url: reply.url, made };
      }),
    );
    // who refuses the further member has no such fault; who refuses the plain body cannot be asked
    const plain = probe.canary();
    const control = await create(probe, resource, plain, bearer);
    if (control.made === null)
      return inconclusive(`${control.reply.url} answered ${control.reply.status} to a create by the second user`);
    const owned = await pages(api, resource.collection, token.jwt);
    const inList = (canary: string) => owned.some((list) => reveals(list, canary));
    if (inList(plain))
      return skip(`${api.base}${resource.collection} shows to one user what another made: isolation/list says so`);
    const listed = inList(object.canary);
    const taken = await Promise.all(
      named.map(async (each) => (listed ? inList(each.canary) : wentOver(api, each, { from: bearer, to: token.jwt }))),
    );
    const wrong = named.find((_, i) => taken[i]);
    if (wrong !== undefined) return problem('in-their-name', { url: wrong.url, field: wrong.field, ...people });

    for (const child of resource.children) {
      const path = child.replaceAll('{id}', encodeURIComponent(object.id));
      const canary = probe.canary();
      // it goes with its parent, which is removed after the run
      const put = await api.post(path, filled(resource.create, canary), { bearer });
      const seen = await api.get(path, { bearer: token.jwt });
      if (reveals(seen, canary)) return problem('under-their-object', { url: put.url, ...people });
    }
    return pass();
  },
});
