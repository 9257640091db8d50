import { defineCheck, inconclusive, pass, problem } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import type { Secret } from '../../core/secret.js';
import { lists, pages, total } from '../listing.js';
import { create, remove } from '../own-object.js';
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
    const questions = [
      `q=${half}`,
      `search=${half}`,
      `userId=${token.userId}`,
      `user_id=${token.userId}`,
      'limit=1000',
    ];
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
    const counts = await countsAround(probe, object, { owner: token.jwt, reader: bearer });
    return counts === null ? pass() : problem('counted', { url: first.url, ...counts, ...evidence });
  },
});

/** A's object must be in A's own lists first, or its absence from B's proves nothing. In words why not, or null. */
async function untilListed({ api, pause }: Probe, object: OwnObject, bearer: Secret): Promise<string | null> {
  const { collection } = object.resource;
  for (let tries = 0; ; tries += 1) {
    // the page with most on it first: where it shows the object, the others need not be asked
    if (lists(await api.get(`${collection}?limit=1000`, { bearer }), object)) return null;
    if ((await pages(api, collection, bearer)).some((list) => lists(list, object))) return null;
    if (tries === 2) return `${api.base}${collection} does not list to its owner what was just stored`;
    await pause(700);
  }
}

/** B's count around the life of another object of A's: it must not rise with it and fall without it. */
async function countsAround(
  probe: Probe,
  { resource }: OwnObject,
  { owner, reader }: { readonly owner: Secret; readonly reader: Secret },
): Promise<{ before: number; after: number } | null> {
  const counted = async () => total(await probe.api.get(resource.collection, { bearer: reader }));
  const before = await counted();
  if (before === null) return null;
  const canary = probe.canary();
  const { made } = await create(probe, resource, canary, owner);
  if (made === null) return null;
  const after = await counted();
  if (!(await remove(probe.api, made.path, canary, owner))) return null;
  const again = await counted();
  return after !== null && again !== null && after > before && again < after ? { before, after } : null;
}
