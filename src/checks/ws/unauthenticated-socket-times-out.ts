import type { Problem } from '../../core/check.js';
import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import type { Live, Probe } from '../../core/probe.js';
import control from './connects-after-auth.js';

/** A deadline that is this many times late is none. */
const never = 6;
/** Close codes that say "too late", beside those that say "your credential": 4408 and IANA 3008 Timeout. */
const lateCodes = [4408, 3008];

export default defineCheck({
  id: 'ws/unauthenticated-socket-times-out',
  title: 'a socket that never says who it is does not stay open',
  severity: 'medium',
  impact: 'reads',
  source: ['ASVS 2.4.1', 'API4:2023'],
  needs: { control },
  problems: {
    'stays-open': {
      level: 'fail',
      text: '{url} still holds {what} open after {seconds} s: {cause}',
      hint: 'close with 4408 where no credential has come in time: sockets without an owner cost memory',
    },
    late: {
      level: 'warn',
      text: '{url} closed {what} only after {seconds} s',
      hint: 'a client that means well says who it is at once; policy.authDeadline declares another deadline than {allowed} s',
    },
    unnamed: {
      level: 'warn',
      text: '{url} closed {what} with {how}, which says nothing of a credential or of time',
      hint: 'close with 4408 or 4401',
    },
  },
  async run(probe) {
    const { target, longest } = probe;
    const { url, auth } = target.routes.socket.value;
    if (auth.mode !== 'message') return skip('the handshake itself carries the token (routes.socket.auth)');
    const allowed = target.policy.authDeadline;
    const slack = 1;
    if (longest < (allowed + slack) * 1000)
      return skip(`the deadline is ${allowed} s (policy.authDeadline): --max-wait ${allowed + slack}s`);
    const wait = Math.min(longest, (never * allowed + slack) * 1000);
    const whole = wait >= never * allowed * 1000;
    const [silent, pinging] = await Promise.all([
      watch(probe, wait, () => {}),
      watch(probe, wait, (live) => live.ping()),
    ]);
    const seen = [
      { what: 'a socket that says nothing', ...silent },
      { what: 'a socket that only sends pings', ...pinging },
    ];
    const refused = seen.find(({ status }) => status !== 101);
    if (refused !== undefined) return inconclusive(`${url} answered ${refused.status} to a handshake`);
    const open = seen.find(({ closed }) => closed === null);
    if (open !== undefined) {
      const seconds = Math.round(wait / 1000);
      return whole
        ? problem('stays-open', { url, what: open.what, seconds, cause: causeOf(silent.closed !== null) })
        : skip(
            `${open.what} is open after ${seconds} s: --max-wait ${never * allowed + slack}s shows whether it stays so`,
          );
    }
    const good = [...target.policy.authCloseCodes, ...lateCodes];
    const remarks = seen.flatMap(({ what, closed, seconds }): Remark[] => {
      if (closed === null) return [];
      if (seconds > allowed + slack) return [{ code: 'late', data: { url, what, seconds, allowed } }];
      if (good.includes(closed.code)) return [];
      // an edge may have cut it: that is no deadline of the application
      const how = closed.code === 1006 ? 'no close frame' : `close code ${closed.code}`;
      return [{ code: 'unnamed', data: { url, what, how } }];
    });
    return remarks.length > 0 ? warn(undefined, ...remarks) : pass();
  },
});

/** A socket that is silent meets a deadline where there is one. */
function causeOf(silentIsClosed: boolean): string {
  return silentIsClosed ? 'each ping puts the deadline off' : 'there is no deadline for the first message';
}

type Remark =
  | Problem<'late', { url: string; what: string; seconds: number; allowed: number }>
  | Problem<'unnamed', { url: string; what: string; how: string }>;

/** Opens a socket without a word, does something four times in each deadline, and sees how long it lives. */
async function watch(probe: Probe, wait: number, act: (live: Live) => void) {
  const live = await probe.connect({ token: null, patience: 1 });
  const step = Math.min(wait, Math.max(50, probe.target.policy.authDeadline * 250));
  let waited = 0;
  for (; live.closed === null && live.status === 101 && waited < wait; waited += step) {
    act(live);
    if ((await live.end(step)) !== null) break;
  }
  return { status: live.status, closed: live.closed, seconds: Math.round(waited / 1000) };
}
