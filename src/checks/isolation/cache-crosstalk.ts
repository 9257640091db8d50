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

    const ask = async (who: 'a' | 'b') => {
      const reply = await api.get(route.path, { bearer: (who === 'a' ? a : b).bearer });
      return { who, reply };
    };
    const turns = [];
    for (let i = 0; i < inTurn; i += 1) turns.push(await ask(i % 2 === 0 ? 'b' : 'a'));
    const together = await Promise.all(Array.from({ length: atOnce }, (_, i) => ask(i % 2 === 0 ? 'a' : 'b')));
    const tag = header(ofA, 'etag');
    const matched =
      tag === null ? [] : [await api.get(route.path, { bearer: b.bearer, headers: { 'if-none-match': tag } })];
    const asked = [
      ...[{ who: 'b' as const, reply: ofB }, ...turns].map((each) => ({ ...each, how: 'asked in turn' })),
      ...together.map((each) => ({ ...each, how: 'asked at once' })),
      ...matched.map((reply) => ({ who: 'b' as const, reply, how: 'asked with the tag of the other' })),
    ];
    // who is told that the other's answer is still good would show it
    const confused = (reply: Reply) => reply.status === 304 && header(ofB, 'etag') !== tag;
    const swapped = asked.find(({ who, reply }) => crossed(who, reply) || confused(reply));
    if (swapped !== undefined) {
      const [reader, other] = swapped.who === 'a' ? [a, b] : [b, a];
      const { how, reply } = swapped;
      return problem('swapped', { url: reply.url, reader: reader.email, other: other.email, how });
    }
    const refused = [...turns, ...together].find(({ reply }) => reply.status !== 200);
    return refused === undefined
      ? pass()
      : inconclusive(`${refused.reply.url} answered ${refused.reply.status} to a good token meanwhile`);
  },
});
