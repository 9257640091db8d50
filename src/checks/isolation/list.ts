import { defineCheck, inconclusive, pass, problem } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import type { Secret } from '../../core/secret.js';
import { countsAlong } from '../counts.js';
import { asking, fullestPage, lists, pages } from '../listing.js';
import session from '../session/login.js';
import secondUser from '../session/second-user.js';
import token from '../token/fetch.js';
import type { OwnObject } from './owner-reads-back.js';
import object from './owner-reads-back.js';

export default defineCheck({
  id: 'isolation/list',
  title: "a user's lists, searches and counts hold nothing of another user's",
  severity: 'critical',
  impact: 'writes',
  core: true,
  source: ['ASVS 8.2.2', 'WSTG-APIT-02', 'OWASP API1:2023'],
  needs: { session, token, secondUser, object },
  problems: {
    leaked: {
      level: 'fail',
      text: '{url} lists to {reader} what belongs to {owner}: {cause}',
      hint: 'put the owner of the token into the WHERE of that query',
    },
    counted: {
      level: 'fail',
      text: '{url} counts for {reader} what belongs to {owner}: {before}, then {after}',
      hint: 'put the owner into the WHERE of the query that counts, too',
    },
  },
  async run(probe, { session, token, secondUser, object }) {
    const { api } = probe;
    const { collection } = object.resource;
    if (secondUser.session.userId === session.userId) return inconclusive('both users are the same person');
    const owned = await untilListed(probe, object, token.jwt);
    if (owned !== null) return inconclusive(owned);

    const bearer = secondUser.token.jwt;
    // half of the canary is sought: a list that echoes the question does not thereby hold the whole
    const half = object.canary.slice(0, object.canary.length / 2);
    const questions = [`q=${half}`, `search=${half}`, `userId=${token.userId}`, `user_id=${token.userId}`, fullestPage];
    const paged = pages(api, collection, bearer);
    const asked = Promise.all(questions.map((question) => api.get(`${collection}?${question}`, { bearer })));
    let counted: ReturnType<typeof countsAlong> | undefined;
    for (const promised of [paged, asked]) promised.catch(() => {});
    try {
      const plain = await paged;
      const [first] = plain;
      if (first === undefined || first.status !== 200) {
        return inconclusive(`${api.base}${collection} answered ${first?.status} to the second user`);
      }
      const evidence = { reader: secondUser.session.email, owner: session.email };
      const shown = (list: Reply) => lists(list, object);
      const leak = plain.find(shown);
      if (leak !== undefined) return problem('leaked', { url: leak.url, ...evidence, cause: 'it has no owner filter' });
      // the questions are about what is there already: they need not be answered before more is
      counted = countsAlong(probe, object, { first, owner: token.jwt, reader: bearer });
      counted.catch(() => {});
      const answers = await asked;
      const which = answers.findIndex(shown);
      const obeyed = answers[which];
      if (obeyed !== undefined) {
        const cause = `the question decides whose it lists (?${questions[which]?.split('=')[0]}=)`;
        return problem('leaked', { url: obeyed.url, ...evidence, cause });
      }
      const differs = await counted;
      return differs === null ? pass() : problem('counted', { url: first.url, ...differs, ...evidence });
    } finally {
      await Promise.allSettled([asked, counted]);
    }
  },
});

/** A's object must be in A's own lists first, or its absence from B's proves nothing. In words why not, or null. */
async function untilListed({ api, pause }: Probe, object: OwnObject, bearer: Secret): Promise<string | null> {
  const { collection } = object.resource;
  // the page with most on it first: where it shows the object, the others need not be asked
  const fullest = () => api.get(asking(collection, fullestPage), { bearer });
  for (let tries = 0, list = object.listed; ; tries += 1, list = null) {
    if (lists(list ?? (await fullest()), object)) return null;
    if ((await pages(api, collection, bearer)).some((page) => lists(page, object))) return null;
    if (tries === 2) return `${api.base}${collection} does not list to its owner what was just stored`;
    await pause(700);
  }
}
