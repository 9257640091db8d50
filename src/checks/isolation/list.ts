import { defineCheck, inconclusive, pass, problem } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import { header, pointer } from '../../core/reply.js';
import type { Secret } from '../../core/secret.js';
import { create, remove } from '../own-object.js';
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
  needs: { token, secondUser, object },
  problems: {
    leaked: {
      level: 'fail',
      text: '{url} lists to {reader} what belongs to {owner}',
      hint: 'put the owner into the WHERE of that query',
    },
    counted: { level: 'fail', text: '{url} counts for {reader} what belongs to {owner}: {before}, then {after}' },
  },
  async run(probe, { token, secondUser, object }) {
    const { api } = probe;
    const { collection } = object.resource;
    const owned = await untilListed(probe, object, token.jwt);
    if (owned !== null) return inconclusive(owned);

    const bearer = secondUser.token.jwt;
    const queries = [
      '',
      `?q=${object.canary}`,
      `?search=${object.canary}`,
      `?userId=${token.userId}`,
      `?user_id=${token.userId}`,
      '?limit=1000',
    ];
    const lists = await Promise.all(queries.map((query) => api.get(`${collection}${query}`, { bearer })));
    const plain = lists[0] as Reply;
    if (plain.status !== 200) return inconclusive(`${plain.url} answered ${plain.status} to the second user`);
    const evidence = { reader: secondUser.session.email, owner: 'the first user' };
    const leak = lists.find((list) => reveals(list, object));
    if (leak !== undefined) return problem('leaked', { url: leak.url.split('?')[0] ?? leak.url, ...evidence });
    const counts = await countsAround(probe, object, { owner: token.jwt, reader: bearer });
    if (counts !== null) return problem('counted', { url: plain.url, ...counts, ...evidence });
    return pass();
  },
});

/** A's object must be in A's own list first, or its absence from B's proves nothing. In words why not, or null. */
async function untilListed({ api, pause }: Probe, object: OwnObject, bearer: Secret): Promise<string | null> {
  for (let tries = 0; ; tries += 1) {
    const list = await api.get(object.resource.collection, { bearer });
    if (list.text.includes(object.canary)) return null;
    if (tries === 4) return `${list.url} answered ${list.status} to its owner, without what was just stored`;
    await pause(500);
  }
}

/** The canary anywhere, or the id: an id that is a common word or number only where a listed item carries it as its id. */
function reveals(list: Reply, { canary, id, resource }: OwnObject): boolean {
  if (list.text.includes(canary)) return true;
  if (id.length >= 8) return list.text.includes(id);
  return items(list.json).some((item) => String(pointer(item, resource.id)) === id);
}

function items(json: unknown): unknown[] {
  if (Array.isArray(json)) return json;
  if (typeof json !== 'object' || json === null) return [];
  return Object.values(json).filter(Array.isArray).flat();
}

/** B's count around the life of another object of A's: it must not rise with it and fall without it. */
async function countsAround(
  { api, canary, defer }: Probe,
  { resource }: OwnObject,
  { owner, reader }: { readonly owner: Secret; readonly reader: Secret },
): Promise<{ before: number; after: number } | null> {
  const counted = async () => total(await api.get(resource.collection, { bearer: reader }));
  const before = await counted();
  if (before === null) return null;
  const { path } = await create(api, resource, canary(), owner);
  defer(({ api }) => remove(api, path, owner));
  const after = await counted();
  await remove(api, path, owner);
  const again = await counted();
  return after !== null && again !== null && after > before && again < after ? { before, after } : null;
}

/** The number of matches that a list says there are, where it says so. */
function total(list: Reply): number | null {
  const places = ['/total', '/count', '/totalCount', '/total_count', '/meta/total', '/pagination/total'];
  const said = [header(list, 'x-total-count'), ...places.map((place) => pointer(list.json, place))];
  const found = said.find((value) => value !== null && value !== undefined && Number.isInteger(Number(value)));
  return found === undefined ? null : Number(found);
}
