import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import { Unreachable } from '../../core/errors.js';
import type { SocketTrace } from '../../core/probe.js';
import token from '../token/fetch.js';

export default defineCheck({
  id: 'ws/connects-after-auth',
  title: 'a socket with a good token opens and is acknowledged',
  severity: 'critical',
  impact: 'reads',
  core: true,
  source: ['RFC 6455 4.1', 'RFC 6455 4.2', 'ASVS 4.4.1', 'WSTG-CLNT-10'],
  needs: { token },
  problems: {
    'not-upgraded': {
      level: 'fail',
      text: '{url} answered {status} to the handshake with a good token',
      hint: '401 and 403: the socket trusts another key, or looks for the token in another place (query, subprotocol, cookie, first message: routes.socket.auth). Else an edge drops the Upgrade header, or the path is wrong',
    },
    closed: {
      level: 'fail',
      text: '{url} opened with a good token and closed with {code} {reason}',
      hint: 'the socket trusts another key, or looks for the token in another place (query, subprotocol, cookie, first message: routes.socket.auth)',
    },
    'no-ack': {
      level: 'fail',
      text: '{url} opened with a good token and said nothing that takes it',
      hint: 'correct routes.socket.ack, or send it once the token is verified; a socket that looks for the token in another place (routes.socket.auth) waits for it, too',
    },
  },
  async run(probe, { token }) {
    const { declared, value } = probe.target.routes.socket;
    if (!declared && probe.target.api === null) return skip('no socket to open: declare routes.socket');
    // without one, what shows that the token was taken is that the socket stays open
    const options = value.ack === null ? { token: token.jwt } : { token: token.jwt, patience: untilAck };
    const trace = await probe.socket(options).catch((error: unknown) => {
      if (!declared && error instanceof Unreachable) return null;
      throw error;
    });
    if (trace?.acked === true) return pass<SocketTrace>(trace);
    const { url, status, closed } = trace ?? { url: value.url, status: 0, closed: null };
    if (!declared && notASocket.includes(status))
      return skip(`no socket found at ${url} (${status}): declare routes.socket`);
    // nothing is there: of a socket elsewhere nothing has been learnt
    if (status === 404 || status === 410)
      return inconclusive(`${url} answered ${status}: see that routes.socket names the path of the socket`);
    // others of this address, or an earlier run, have used it up
    if (status === 429) return inconclusive(`${url} answered 429 to the handshake: its limit is used up`);
    if (status !== 101) return problem('not-upgraded', { url, status });
    if (closed !== null) return problem('closed', { url, ...closed });
    return problem('no-ack', { url });
  },
});

/** milliseconds: a machine with much else to do fetches the keys and verifies, too */
const untilAck = 15_000;

/** Answers of a server that has no socket there. 403 is one of them: uvicorn gives it for an unknown path too. */
const notASocket = [0, 200, 301, 302, 307, 308, 400, 403, 404, 405, 426, 501];
