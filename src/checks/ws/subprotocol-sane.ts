import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import { rawSocket } from '../raw-socket.js';
import token from '../token/fetch.js';

export default defineCheck({
  id: 'ws/subprotocol-sane',
  title:
    'the handshake answers a token that came as a subprotocol with another of the offered ones, and never with the token',
  severity: 'low',
  impact: 'reads',
  source: ['RFC 6455 4.1', 'RFC 6455 4.2.2', 'RFC 6455 11.3.4'],
  needs: { token },
  problems: {
    'token-echoed': {
      level: 'fail',
      text: '{url} sends the token back in {header}',
      hint: 'headers of answers are logged: choose the protocol that was offered beside the token',
    },
    'not-offered': {
      level: 'fail',
      text: '{url} chose the subprotocol {chosen}, which nobody offered: a browser closes such a socket',
      hint: 'choose {offered}',
    },
    'none-chosen': {
      level: 'warn',
      text: '{url} chose none of the subprotocols that were offered: Chrome closes such a socket',
      hint: 'choose {offered}',
    },
  },
  async run(probe, { token }) {
    const { auth, url } = probe.target.routes.socket.value;
    if (auth.mode !== 'subprotocol') return skip('the token does not come as a subprotocol (routes.socket.auth)');
    const jwt = token.jwt.reveal();
    const socket = await rawSocket(probe, jwt);
    const { status, headers } = socket;
    socket.close();
    if (status !== 101) return inconclusive(`${url} answered ${status} to the handshake with a good token`);
    const signature = jwt.split('.').at(-1) ?? jwt;
    const echo = headers.find(([, value]) => value.includes(signature));
    if (echo !== undefined) return problem('token-echoed', { url, header: echo[0] });
    const offered = auth.protocol;
    const chosen = headers.find(([name]) => name === 'sec-websocket-protocol')?.[1] ?? null;
    if (chosen === null) return warn(undefined, { code: 'none-chosen' as const, data: { url, offered } });
    return chosen === offered ? pass() : problem('not-offered', { url, chosen, offered });
  },
});
