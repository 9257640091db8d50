import { defineCheck, inconclusive, pass, problem } from '../../core/check.js';
import type { Caller } from '../../core/probe.js';
import { pointer } from '../../core/reply.js';
import session from '../session/login.js';
import token from '../token/fetch.js';

/** Connections of their own: with two equal replicas one of them is missed in 1 of 500,000 runs. */
const samples = 20;

export default defineCheck({
  id: 'config/replicas-agree',
  title: 'the same credential gets the same answer over every new connection',
  severity: 'high',
  impact: 'reads',
  source: ['ASVS 7.2.1', 'ASVS 16.5.3'],
  needs: { session, token },
  problems: {
    disagree: {
      level: 'fail',
      text: '{url} answered one credential over {count} new connections with {answers}',
      hint: 'several replicas stand behind this address, and their secrets, keys or session stores differ; of a replica that takes 1 call in 10 this sample misses 12 in 100 runs',
    },
  },
  async run(probe, { session, token }) {
    const { api, auth, target } = probe;
    const me = target.routes.me.value.get;
    // a replica that does not know the session clears the cookie, and with it the jar of everybody else
    const cookie = await session.jar.cookieHeader(`${auth.base}/get-session`);
    const rounds = [
      () => sample(auth, '/get-session?disableCookieCache=true', { headers: { cookie } }, signedInAs),
      () => sample(auth, target.tokenRoute.value, { headers: { cookie } }, statusOnly),
      ...(target.api === null ? [] : [() => sample(api, me, { bearer: token.jwt }, statusOnly)]),
    ];
    for (const round of rounds) {
      const first = await round();
      if (first.answers.length === 1) continue;
      // a deployment that is being replaced looks the same: what is wrong stays
      await probe.pause(probe.longest);
      const second = await round();
      if (second.answers.length > 1)
        return problem('disagree', { url: second.url, count: samples, answers: second.answers.join(' and ') });
      return inconclusive(
        `${first.url} answered with ${first.answers.join(' and ')}, and a little later always with ${second.answers.join()}: a deployment may be under way`,
      );
    }
    return pass();
  },
});

type Options = NonNullable<Parameters<Caller['get']>[1]>;
type Reading = (reply: Awaited<ReturnType<Caller['get']>>) => string;

const statusOnly: Reading = ({ status }) => String(status);
const signedInAs: Reading = ({ status, json }) =>
  `${status} ${pointer(json, '/user/id') === undefined ? 'and nobody' : 'and a user'}`;

async function sample(caller: Caller, path: string, options: Options, read: Reading) {
  const one = async () => {
    const reply = await caller.get(path, { ...options, fresh: true });
    return { url: reply.url, answer: read(reply) };
  };
  const all = await Promise.all(Array.from({ length: samples }, one));
  return { url: all[0]?.url ?? '', answers: [...new Set(all.map(({ answer }) => answer))].sort() };
}
