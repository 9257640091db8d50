import { defineCheck, inconclusive, pass, problem } from '../../core/check.js';
import type { Reply } from '../../core/reply.js';
import { header, mentions } from '../../core/reply.js';
import session from '../session/login.js';
import secondUser from '../session/second-user.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';

const inTurn = 10;
const atOnce = 30;

export default defineCheck({
  id: 'isolation/cache-crosstalk',
  title: 'two users who ask for the same URL get their own answers, in turn and at once',
  severity: 'critical',
  impact: 'reads',
  source: ['RFC 9111 3.5', 'RFC 9111 4.1', 'ASVS 14.2.2', 'ASVS 15.4.1'],
  needs: { session, token, route, secondUser },
  problems: {
    swapped: {
      level: 'fail',
      text: '{url} answered {reader} with what it says to {other} ({how})',
      hint: 'a cache in front ignores Authorization, or the server keeps the caller in a variable that requests share',
    },
  },
  async run({ api }, { session, token, route, secondUser }) {
    if (secondUser.session.userId === session.userId) return inconclusive('both users are the same person');
    const a = { email: session.email, bearer: token.jwt, names: token.names };
    const b = { email: secondUser.session.email, bearer: secondUser.token.jwt, names: secondUser.token.names };
    const [ofA, ofB] = await Promise.all([a, b].map(({ bearer }) => api.get(route.path, { bearer })));
    if (ofA === undefined || ofB === undefined || ofA.status !== 200 || !a.names.some((name) => mentions(ofA, name)))
      return inconclusive(`${api.base}${route.path} does not name the first user`);
    if (ofB.status !== 200) return inconclusive(`${ofB.url} answered ${ofB.status} to the second user`);
    // an answer may name both, a team say: mixed up is one that names the other and not its own reader
    const crossed = (who: 'a' | 'b', reply: Reply) => {
      const [own, other] = who === 'a' ? [a, b] : [b, a];
      return other.names.some((name) => mentions(reply, name)) && !own.names.some((name) => mentions(reply, name));
    };

    const tag = header(ofA, 'etag');
    // judged as they come: nobody holds so many answers
    const judged = (who: 'a' | 'b', reply: Reply, how: string) => ({
      who,
      how,
      url: reply.url,
      status: reply.status,
      // who is told that the other's answer is still good would show it
      swapped: crossed(who, reply) || (reply.status === 304 && header(ofB, 'etag') !== tag),
    });
    const ask = async (who: 'a' | 'b', how: string) =>
      judged(who, await api.get(route.path, { bearer: (who === 'a' ? a : b).bearer }), how);
    const turns = [];
    for (let i = 0; i < inTurn; i += 1) turns.push(await ask(i % 2 === 0 ? 'b' : 'a', 'asked in turn'));
    const together = await Promise.all(
      Array.from({ length: atOnce }, (_, i) => ask(i % 2 === 0 ? 'a' : 'b', 'asked at once')),
    );
    const matched =
      tag === null ? [] : [await api.get(route.path, { bearer: b.bearer, headers: { 'if-none-match': tag } })];
    const asked = [
      judged('b', ofB, 'asked in turn'),
      ...turns,
      ...together,
      ...matched.map((reply) => judged('b', reply, 'asked with the tag of the other')),
    ];
    const swapped = asked.find((each) => each.swapped);
    if (swapped !== undefined) {
      const [reader, other] = swapped.who === 'a' ? [a, b] : [b, a];
      const { how, url } = swapped;
      return problem('swapped', { url, reader: reader.email, other: other.email, how });
    }
    const refused = [...turns, ...together].find(({ status }) => status !== 200);
    return refused === undefined
      ? pass()
      : inconclusive(`${refused.url} answered ${refused.status} to a good token meanwhile`);
  },
});
