import { defineCheck, inconclusive, pass, problem } from '../../core/check.js';
import type { Caller, Probe } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import type { Secret } from '../../core/secret.js';
import { asking, fullestPage, lists, pages, total } from '../listing.js';
import type { Announced } from '../own-object.js';
import { announce } from '../own-object.js';
import { remove } from '../removal.js';
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
    const prepared = () => {
      const canary = probe.canary();
      const announced = announce(probe, object.resource, canary, token.jwt);
      // awaited where it is needed: what was leaked is said also where nothing can be put on record
      announced.catch(() => {});
      return { canary, announced };
    };
    let another = prepared();
    const [plain, ...answers] = await Promise.all([
      pages(api, collection, bearer),
      ...questions.map(async (question) => [await api.get(`${collection}?${question}`, { bearer })]),
    ]);
    const [first] = plain;
    if (first === undefined || first.status !== 200) {
      return inconclusive(`${api.base}${collection} answered ${first?.status} to the second user`);
    }
    const evidence = { reader: secondUser.session.email, owner: session.email };
    const shown = (list: Reply) => lists(list, object);
    const leak = plain.find(shown);
    if (leak !== undefined) return problem('leaked', { url: leak.url, ...evidence, cause: 'it has no owner filter' });
    const asked = questions.findIndex((_, n) => answers[n]?.some(shown) === true);
    const obeyed = answers[asked]?.find(shown);
    if (obeyed !== undefined) {
      const cause = `the question decides whose it lists (?${questions[asked]?.split('=')[0]}=)`;
      return problem('leaked', { url: obeyed.url, ...evidence, cause });
    }
    let before = total(first);
    for (let tries = 1; before !== null; tries += 1) {
      const { canary, announced } = another;
      const life = await countsAround(api, await announced, { collection, canary, owner: token.jwt, reader: bearer });
      if (life === null) return pass();
      const { after, again } = life;
      if (after > before && again < after) return problem('counted', { url: first.url, before, after, ...evidence });
      if ((after === before && again === before) || tries === most) return pass();
      // something else came or went meanwhile, as other checks have it: that says nothing
      another = prepared();
      before = total(await api.get(collection, { bearer }));
    }
    return pass();
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

/** times that it is counted, where the count does not stay and does not move with the object */
const most = 4;

interface Life {
  readonly collection: string;
  readonly canary: string;
  readonly owner: Secret;
  readonly reader: Secret;
}

/**
 * B's count after another object of A's has been made, and again after it was removed: what counts it rises with it and
 * falls without it. Null where there is no such object, or no count.
 */
async function countsAround(
  api: Caller,
  another: Announced,
  { collection, canary, owner, reader }: Life,
): Promise<{ after: number; again: number } | null> {
  const counted = async () => total(await api.get(collection, { bearer: reader }));
  const creation = await another.send();
  if (creation.made === null) return null;
  const after = await counted();
  const counts: (number | null)[] = [];
  const gone = await remove(api, creation, canary, owner, async () => void counts.push(await counted()));
  const [again = null] = counts;
  return gone && after !== null && again !== null ? { after, again } : null;
}
