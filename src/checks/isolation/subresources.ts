import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import type { Reply } from '../../core/reply.js';
import { reveals } from '../../core/reply.js';
import { filled } from '../own-object.js';
import session from '../session/login.js';
import secondUser from '../session/second-user.js';
import token from '../token/fetch.js';
import object from './owner-reads-back.js';

export default defineCheck({
  id: 'isolation/subresources',
  title: "a user cannot read what belongs to another user's object",
  severity: 'high',
  impact: 'writes',
  source: ['ASVS 8.2.2', 'ASVS 14.2.1', 'OWASP API1:2023'],
  needs: { session, token, secondUser, object },
  problems: {
    leaked: {
      level: 'fail',
      text: '{url} gave {reader} what lies under an object of {owner}',
      hint: 'ask whose the parent is, too: the id of a child is not enough',
    },
  },
  async run({ api, canary }, { session, token, secondUser, object }) {
    if (secondUser.session.userId === session.userId) return inconclusive('both users are the same person');
    const { children, create } = object.resource;
    if (children.length === 0) return skip(`no routes under ${object.resource.name}: declare their children`);
    const bearer = secondUser.token.jwt;
    const barren: string[] = [];
    for (const child of children) {
      const path = child.replaceAll('{id}', encodeURIComponent(object.id));
      const mark = canary();
      const put = await api.post(path, filled(create, mark), { bearer: token.jwt });
      const before = await api.get(path, { bearer: token.jwt });
      // what cannot be put there may show the parent itself
      const secret = [mark, object.canary].find((text) => reveals(before, text));
      if (secret === undefined) {
        barren.push(`${before.url} (${put.status} to a POST, ${before.status} to a GET)`);
        continue;
      }
      const foreign = await Promise.all([api.get(path, { bearer }), api.send('HEAD', path, undefined, { bearer })]);
      const after = await api.get(path, { bearer: token.jwt });
      const leak = foreign.find((reply) => shows(reply, [mark, object.canary]));
      if (leak !== undefined)
        return problem('leaked', { url: leak.url, reader: secondUser.session.email, owner: session.email });
      if (!reveals(after, secret)) return inconclusive(`${after.url} no longer gives its owner what was stored`);
    }
    return barren.length === children.length ? skip(`nothing of the owner's shows at ${barren.join(', ')}`) : pass();
  },
});

function shows(reply: Reply, canaries: readonly string[]): boolean {
  return canaries.some((text) => reveals(reply, text));
}
