import { defineCheck, inconclusive, pass, problem, warn } from '../../core/check.js';
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
  needs: { token, secondUser, object },
  problems: {
    leaked: {
      level: 'fail',
      text: '{url} gave {reader} what belongs to {owner}',
      hint: 'put the owner into the WHERE of that query',
    },
    'answered-2xx': { level: 'fail', text: "{url} answered {status} to {reader}, with other content than {owner}'s" },
    'answered-empty': {
      level: 'warn',
      text: '{url} answered {status} without content to {reader}',
      hint: 'answer 404: an empty success misleads',
    },
  },
  async run({ api }, { token, secondUser, object }) {
    const bearer = secondUser.token.jwt;
    const own = await api.get(object.resource.collection, { bearer });
    if (own.status !== 200) {
      return inconclusive(`${own.url} answered ${own.status} to the second user, who would be refused everywhere`);
    }
    const reads = await Promise.all(
      ['', '?include=owner', '?expand=all'].map((query) => api.get(`${object.path}${query}`, { bearer })),
    );
    const head = await api.send('HEAD', object.path, undefined, { bearer });
    const after = await api.get(object.path, { bearer: token.jwt });
    const evidence = { reader: secondUser.session.email, owner: 'the first user' };
    const leak = reads.find(({ text }) => text.includes(object.canary));
    if (leak !== undefined) return problem('leaked', { url: leak.url, ...evidence });
    if (!after.text.includes(object.canary))
      return inconclusive(`${after.url} no longer gives its owner what was stored`);
    const success = [...reads, head].find(({ status }) => status >= 200 && status < 300);
    if (success !== undefined) {
      const data = { url: success.url, status: success.status, ...evidence };
      return success.text.trim() === ''
        ? warn(undefined, { code: 'answered-empty', data })
        : problem('answered-2xx', data);
    }
    const unclear = reads.find(({ status }) => status !== 401 && status !== 403 && status !== 404 && status !== 400);
    if (unclear !== undefined) return inconclusive(`${unclear.url} answered ${unclear.status} to the second user`);
    return pass();
  },
});
