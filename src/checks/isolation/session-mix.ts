import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import type { CallOptions } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import { mentions, reveals } from '../../core/reply.js';
import { pages } from '../listing.js';
import { create } from '../own-object.js';
import session from '../session/login.js';
import secondUser from '../session/second-user.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';
import object from './owner-reads-back.js';

type Person = 'a' | 'b' | null;

export default defineCheck({
  id: 'isolation/session-mix',
  title: 'a request with the cookie of one user and the token of another is of one of them on every route',
  severity: 'high',
  impact: 'writes',
  source: ['ASVS 6.3.4', 'ASVS 15.3.7'],
  needs: { session, token, route, secondUser, object },
  problems: {
    mixed: {
      level: 'fail',
      text: 'with the cookie of {owner} and the token of {reader}, {reads} takes the caller for {as}, and {writes} for {other}',
      hint: 'find out who calls in one place, and let every handler use that',
    },
  },
  async run(probe, { session, token, route, secondUser, object }) {
    if (secondUser.session.userId === session.userId) return inconclusive('both users are the same person');
    const { api } = probe;
    // a browser sends the cookie only to the host that set it, or its subdomains: the jar decides as it would
    const cookies = await session.jar.cookieHeader(`${api.base}${route.path}`);
    if (cookies === '') return skip('the cookies of the auth server are not sent to the API');
    const bearer = secondUser.token.jwt;
    const options: CallOptions = { bearer, headers: { cookie: cookies } };
    const { collection } = object.resource;
    const [me, list] = await Promise.all([api.get(route.path, options), api.get(collection, options)]);
    const canary = probe.canary();
    const made = await create(probe, object.resource, canary, bearer, {
      options: { headers: { cookie: cookies } },
      orOf: token.jwt,
    });
    const [ownedByA, ownedByB] = await Promise.all([pages(api, collection, token.jwt), pages(api, collection, bearer)]);
    const shows = (lists: readonly Reply[], text: string) => lists.some((page) => reveals(page, text));
    // a list that shows one user what the other has tells neither of them by it
    const told = !shows(ownedByB, object.canary);
    const inFirst = told && shows(ownedByA.slice(0, 1), object.canary);
    const winners: readonly { readonly url: string; readonly who: Person; readonly status: number }[] = [
      { url: me.url, who: named(me, { a: token.names, b: secondUser.token.names }), status: me.status },
      {
        url: list.url,
        who: !inFirst || list.status !== 200 ? null : reveals(list, object.canary) ? 'a' : 'b',
        status: list.status,
      },
      {
        url: `POST ${made.reply.url}`,
        who: !told ? null : shows(ownedByA, canary) ? 'a' : shows(ownedByB, canary) ? 'b' : null,
        status: made.reply.status,
      },
    ];
    const known = winners.filter(({ who }) => who !== null);
    const [first] = known;
    const other = known.find(({ who }) => who !== first?.who);
    if (first === undefined || other === undefined) {
      const mute = winners.filter(({ who, status }) => who === null && status < 400);
      return known.length < 2 && mute.length > 0
        ? skip(`nothing says for whom ${mute.map(({ url }) => url).join(' and ')} takes the caller`)
        : pass();
    }
    const people = { a: session.email, b: secondUser.session.email };
    return problem('mixed', {
      owner: people.a,
      reader: people.b,
      reads: first.url,
      as: people[first.who as 'a' | 'b'],
      writes: other.url,
      other: people[other.who as 'a' | 'b'],
    });
  },
});

function named(reply: Reply, names: { readonly a: readonly string[]; readonly b: readonly string[] }): Person {
  if (reply.status !== 200) return null;
  const [a, b] = [names.a, names.b].map((each) => each.some((name) => mentions(reply, name)));
  return a === b ? null : a ? 'a' : 'b';
}
