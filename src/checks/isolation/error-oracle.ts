import { defineCheck, inconclusive, pass, skip, warn } from '../../core/check.js';
import { reveals } from '../../core/reply.js';
import session from '../session/login.js';
import secondUser from '../session/second-user.js';
import token from '../token/fetch.js';
import object from './owner-reads-back.js';

export default defineCheck({
  id: 'isolation/error-oracle',
  title: "a refusal of another user's object does not say whose it is",
  severity: 'info',
  impact: 'writes',
  source: ['ASVS 16.5.1', 'WSTG-IDNT-04'],
  needs: { session, token, secondUser, object },
  problems: {
    'names-the-owner': {
      level: 'warn',
      text: '{url} answered {status} to {reader} and names the owner, {owner}',
      hint: 'answer as to an id that does not exist',
    },
  },
  async run({ api }, { session, token, secondUser, object }) {
    if (secondUser.session.userId === session.userId) return inconclusive('both users are the same person');
    const bearer = secondUser.token.jwt;
    const foreign = await api.get(object.path, { bearer });
    const { url, status } = foreign;
    if (reveals(foreign, object.canary)) return skip('the object itself is given: isolation/read says so');
    const own = await api.get(object.path, { bearer: token.jwt });
    if (!reveals(own, object.canary)) return inconclusive(`${own.url} no longer gives its owner what was stored`);
    const names = [session.email, session.userId].filter((name) => name.length >= 6 && !url.includes(name));
    return names.some((name) => reveals(foreign, name))
      ? warn(undefined, {
          code: 'names-the-owner',
          data: { url, status, reader: secondUser.session.email, owner: session.email },
        })
      : pass();
  },
});
