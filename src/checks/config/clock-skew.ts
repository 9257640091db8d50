import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import type { Caller, Probe } from '../../core/probe.js';
import { header } from '../../core/reply.js';

const tries = 5;
/** seconds by which clocks may differ without a remark */
const usual = 2;
/** seconds beyond which tokens are refused, or live on, somewhere */
const most = 30;

/** By how much a clock is ahead of ours, in milliseconds: it is somewhere between. */
interface Ahead {
  readonly least: number;
  readonly most: number;
}

export default defineCheck({
  id: 'config/clock-skew',
  title: 'the clocks of the auth server and the API go alike',
  severity: 'medium',
  impact: 'reads',
  source: ['ASVS 16.2.2', 'RFC 7519 4.1.4', 'RFC 7519 4.1.5', 'RFC 7519 4.1.6'],
  problems: {
    apart: {
      level: 'fail',
      text: 'the clock of {api} is {seconds} s {direction} that of {auth}',
      hint: 'let both hosts take their time by NTP: a token is refused before its time, or lives beyond it',
    },
    'a-little-apart': {
      level: 'warn',
      text: 'the clock of {api} is {seconds} s {direction} that of {auth}',
      hint: 'PyJWT refuses a token that was issued 2 s in the future: calls fail now and then, right after a refresh',
    },
  },
  async run(probe) {
    const { target, auth, api } = probe;
    if (target.api === null) return skip('no API to ask: give --api');
    const [front, back] = await Promise.all([
      ahead(probe, auth, '/get-session'),
      ahead(probe, api, target.routes.me.value.get),
    ]);
    if (typeof front === 'string') return inconclusive(front);
    if (typeof back === 'string') return inconclusive(back);
    // the least difference that what was seen allows: a Date header tells whole seconds, and answers take time
    const least = Math.max(back.least - front.most, front.least - back.most, 0);
    const seconds = Math.round(least / 100) / 10;
    const direction = back.least > front.most ? 'ahead of' : 'behind';
    const data = { auth: auth.base, api: api.base, seconds, direction };
    if (seconds >= most) return problem('apart', data);
    return seconds >= usual ? warn(undefined, { code: 'a-little-apart', data }) : pass();
  },
});

/** From several answers: each says that the server's clock was within one second when it was made. */
async function ahead({ now }: Probe, caller: Caller, path: string): Promise<Ahead | string> {
  let least = Number.NEGATIVE_INFINITY;
  let longest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i += 1) {
    const sent = now();
    const reply = await caller.get(path);
    const received = now();
    if (header(reply, 'age') !== null && header(reply, 'age') !== '0')
      return `${reply.url} is answered by a cache (Age ${header(reply, 'age')})`;
    const said = Date.parse(header(reply, 'date') ?? '');
    if (Number.isNaN(said)) return `${reply.url} says no Date`;
    least = Math.max(least, said - received);
    longest = Math.min(longest, said + 1000 - sent);
  }
  return { least, most: Math.max(least, longest) };
}
