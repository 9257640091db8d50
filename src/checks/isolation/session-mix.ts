import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import type { CallOptions } from '../../core/probe.js';
import { reveals } from '../../core/reply.js';
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
    if (!ownedByA.some((page) => reveals(page, object.canary)))
      return inconclusive(`${api.base}${collection} does not list to its owner what was stored`);

    const winners: readonly (readonly [string, Person])[] = [
      [me.url, named(me, { a: token.names, b: secondUser.token.names })],
      [list.url, reveals(list, object.canary) ? 'a' : list.status === 200 ? 'b' : null],
      [
        `POST ${made.reply.url}`,
        ownedByA.some((page) => reveals(page, canary))
          ? 'a'
          : ownedByB.some((page) => reveals(page, canary))
            ? 'b'
            : null,
      ],
    ];
    const known = winners.filter(([, who]) => who !== null);
    const [first] = known;
    const other = known.find(([, who]) => who !== first?.[1]);
    if (first === undefined || other === undefined) return pass();
    const people = { a: session.email, b: secondUser.session.email };
    return problem('mixed', {
      owner: people.a,
      reader: people.b,
      reads: first[0],
      as: people[first[1] as 'a' | 'b'],
      writes: other[0],
      other: people[other[1] as 'a' | 'b'],
    });
  },
});

function named(
  reply: Parameters<typeof reveals>[0],
  names: { readonly a: readonly string[]; readonly b: readonly string[] },
): Person {
  if (reply.status !== 200) return null;
  const [a, b] = [names.a, names.b].map((each) => each.some((name) => reveals(reply, name)));
  return a === b ? null : a ? 'a' : 'b';
}
