import { defineCheck, pass, problem, skip } from '../../core/check.js';
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
      hint: '401 and 403: the socket trusts another key, or wants the token elsewhere (routes.socket.auth). Else an edge drops the Upgrade header, or the path is wrong',
    },
    closed: {
      level: 'fail',
      text: '{url} opened with a good token and closed with {code} {reason}',
      hint: 'the socket trusts another key, or wants the token elsewhere (routes.socket.auth)',
    },
    'no-ack': {
      level: 'fail',
      text: '{url} opened with a good token and did not send the declared ack within {seconds} s',
      hint: 'correct routes.socket.ack, or send it once the token is verified',
    },
  },
  async run(probe, { token }) {
    const { declared, value } = probe.target.routes.socket;
    if (!declared && probe.target.api === null) return skip('no socket to open: declare routes.socket');
    const trace = await probe.socket({ token: token.jwt }).catch((error: unknown) => {
      if (!declared && error instanceof Unreachable) return null;
      throw error;
    });
    if (trace?.acked === true) return pass<SocketTrace>(trace);
    if (!declared) return skip(`no socket found at ${value.url}: declare routes.socket`);
    const { url, status, closed } = trace as SocketTrace;
    if (status !== 101) return problem('not-upgraded', { url, status });
    if (closed !== null) return problem('closed', { url, ...closed });
    return problem('no-ack', { url, seconds: 5 });
  },
});
