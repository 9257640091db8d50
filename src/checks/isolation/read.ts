import { defineCheck, inconclusive, pass, problem, warn } from '../../core/check.js';
import { reveals } from '../../core/reply.js';
import { idOf, lists } from '../listing.js';
import session from '../session/login.js';
import secondUser from '../session/second-user.js';
import token from '../token/fetch.js';
import object from './owner-reads-back.js';

export default defineCheck({
  id: 'isolation/read',
  title: "a user cannot read another user's object",
  severity: 'critical',
  impact: 'writes',
  core: true,
  source: ['ASVS 8.2.2', 'WSTG-ATHZ-04', 'OWASP API1:2023'],
  needs: { session, token, secondUser, object },
  problems: {
    leaked: {
      level: 'fail',
      text: '{url} gave {reader} what belongs to {owner}: {cause}',
      hint: 'put the owner into the WHERE of that query',
    },
    'answered-unclearly': {
      level: 'warn',
      text: '{url} answered {status} to {reader}, without what belongs to {owner}',
      hint: 'answer 404: a success misleads, and a crash hides',
    },
  },
  async run({ api }, { session, token, secondUser, object }) {
    const bearer = secondUser.token.jwt;
    if (secondUser.session.userId === session.userId) return inconclusive('both users are the same person');
    const own = await api.get(object.resource.collection, { bearer });
    if (own.status !== 200) {
      return inconclusive(`${own.url} answered ${own.status} to the second user, who would be refused everywhere`);
    }
    const reads = await Promise.all([
      ...['', '?include=owner', '?expand=all', '.json'].map((more) => api.get(`${object.path}${more}`, { bearer })),
      api.send('HEAD', object.path, undefined, { bearer }),
    ]);
    const after = await api.get(object.path, { bearer: token.jwt });
    const evidence = { reader: secondUser.session.email, owner: session.email };
    const leak = reads.find(
      (reply) =>
        reveals(reply, object.canary) || (reply.status < 300 && idOf(object.resource, reply.json) === object.id),
    );
    if (leak !== undefined) {
      const cause = lists(own, object)
        ? 'neither the list nor a read by id asks for the owner'
        : 'the list asks for the owner, a read by id does not';
      return problem('leaked', { url: leak.url, ...evidence, cause });
    }
    if (!reveals(after, object.canary)) return inconclusive(`${after.url} no longer gives its owner what was stored`);
    const unclear = reads.find(({ status }) => !refusing.includes(status));
    if (unclear === undefined) return pass();
    const { url, status } = unclear;
    return warn(undefined, { code: 'answered-unclearly', data: { url, status, ...evidence } });
  },
});

/** What says "not for you" or "not here"; 405 is a HEAD that is not offered. */
const refusing = [400, 401, 403, 404, 405, 410];
