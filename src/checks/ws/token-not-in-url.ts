import { defineCheck, pass, skip, warn } from '../../core/check.js';
import token from '../token/fetch.js';
import control from './connects-after-auth.js';

/** Seconds that a ticket in a URL may live. */
const ticketLife = 60;
/** Milliseconds until a line of a log is written. */
const settle = 300;

export default defineCheck({
  id: 'ws/token-not-in-url',
  title: 'the token of a socket does not end up in logs, because it is not in the URL or no log has it',
  severity: 'low',
  impact: 'reads',
  source: ['ASVS 14.2.1', 'ASVS 4.4.3', 'RFC 6750 5.3', 'WSTG-SESS-04'],
  needs: { token, control },
  problems: {
    'in-log': {
      level: 'warn',
      text: '{log} holds the token that a socket was just opened with',
      hint: 'log paths without queries, or pass the token as a subprotocol or in a first message',
    },
    'long-lived': {
      level: 'warn',
      text: '{url} wants a token in its query that is good for {seconds} s: proxies on the way write queries into their logs',
      hint: 'pass it as a subprotocol or in a first message, or make a ticket for it that is good once and for a minute',
    },
  },
  async run(probe, { token }) {
    const { auth, url } = probe.target.routes.socket.value;
    if (auth.mode !== 'query') return pass();
    const { exp = Number.POSITIVE_INFINITY } = token.claims as { exp?: number };
    const seconds = Math.round(exp - probe.now() / 1000);
    if (seconds <= ticketLife) return pass();
    await probe.pause(settle);
    const signature = token.jwt.reveal().split('.').at(-1) ?? '';
    const log = await probe.material.accessLog(signature);
    if (log !== null) {
      if (log.times === 0) return pass();
      return warn(undefined, { code: 'in-log' as const, data: { log: log.path } });
    }
    if (!probe.target.production)
      return skip('who logs the URL is not known: LOCKSTEP_ACCESS_LOG names a log to look into');
    return warn(undefined, { code: 'long-lived' as const, data: { url, seconds } });
  },
});
