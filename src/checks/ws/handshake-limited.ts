import { defineCheck, inconclusive, pass, skip, warn } from '../../core/check.js';
import type { SocketTrace } from '../../core/probe.js';
import { withFlippedSignature } from '../../token/forge.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';
import { trySocket } from '../try-socket.js';
import control from './connects-after-auth.js';

const most = 200;
const atOnce = 20;
/** Answers of a handshake that say "not so often": too many requests, unavailable. */
const limits = [429, 503];
/** Close codes that say so: RFC 6455 1013 try again later, and what applications make of 429. */
const limitCodes = [1013, 4029, 4429];

export default defineCheck({
  id: 'ws/handshake-limited',
  title: 'whoever tries token after token at the socket is slowed down',
  severity: 'low',
  impact: 'noisy',
  alone: true,
  source: ['ASVS 6.3.1', 'ASVS 2.4.1', 'API4:2023'],
  needs: { token, route, control },
  problems: {
    unlimited: {
      level: 'warn',
      text: '{url} refused {tried} sockets in {seconds} s one like the other',
      hint: 'limit handshakes by address at the edge (nginx limit_req, Traefik rateLimit), or refused ones in the application',
    },
  },
  async run(probe, { token, route }) {
    const { api, monotonic, target } = probe;
    if (target.routes.socket.value.auth.mode === 'message')
      return skip('a handshake carries no token here: its first message does');
    const bad = withFlippedSignature(token.jwt.reveal());
    const began = monotonic();
    const { url, ...usual } = await trySocket(probe, { token: bad });
    if (usual.acked) return skip(`${url} takes a bad token: nothing is refused there`);
    if (usual.status === 0 || saysSo(usual))
      return inconclusive(`${url} refused the first bad token as a limit would: nothing can be told from it`);
    let tried = 1;
    while (tried < most) {
      const batch = await Promise.all(Array.from({ length: atOnce }, () => trySocket(probe, { token: bad })));
      tried += batch.length;
      if (batch.some(saysSo)) return pass();
      if (!batch.some(({ status }) => status === 0)) continue;
      // dropped connections are a limit only where the rest of the server still answers
      const alive = await api.get(route.path, { bearer: token.jwt });
      return alive.status === route.control.status
        ? pass()
        : inconclusive(`${alive.url} answered ${alive.status} after ${tried} refused sockets`);
    }
    const seconds = Math.max(1, Math.round((monotonic() - began) / 1000));
    return warn(undefined, { code: 'unlimited' as const, data: { url, tried, seconds } });
  },
});

function saysSo({ status, closed }: Pick<SocketTrace, 'status' | 'closed'>): boolean {
  return limits.includes(status) || limitCodes.includes(closed?.code ?? 0);
}
