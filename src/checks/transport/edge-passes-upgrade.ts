import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import token from '../token/fetch.js';

/** Edges cut an idle connection after a minute where nobody said otherwise; seconds to be sure. */
const idle = 75_000;
const beat = 15_000;

export default defineCheck({
  id: 'transport/edge-passes-upgrade',
  title: 'the edge passes a WebSocket handshake on, and leaves the socket alone',
  severity: 'high',
  impact: 'reads',
  source: ['RFC 6455 4.1', 'RFC 6455 5.5.2', 'RFC 9110 7.8'],
  needs: { token },
  problems: {
    'upgrade-dropped': {
      level: 'fail',
      text: '{url} answered {status} to a handshake, as to any GET: Upgrade did not arrive',
      hint: 'nginx needs proxy_http_version 1.1 and the headers Upgrade and Connection',
    },
    'cut-idle': {
      level: 'warn',
      text: '{url} was cut without a close frame after {seconds} s without a message',
      hint: 'raise the idle time of the edge, or let the server send pings more often',
    },
    'cut-busy': {
      level: 'fail',
      text: '{url} was cut after {seconds} s although both sides sent pings',
      hint: 'the edge limits how long a connection lives: raise it',
    },
  },
  async run({ target, at, socket, connect, longest }, { token }) {
    const { declared, value } = target.routes.socket;
    if (value.url === '') return skip('no socket to open: declare routes.socket');
    const { url, status } = await socket({ token: token.jwt, patience: 2_000 });
    if (status !== 101) {
      if (!declared) return skip(`no socket found at ${url} (${status}): declare routes.socket`);
      // asked again as a page would be: an edge that drops Upgrade makes one of the other
      const plain = await at(url.replace(/^ws/, 'http').replace(/\?.*$/, '')).get('', { bearer: token.jwt });
      if (plain.status === 404 && status === 404)
        return inconclusive(`${url} answered 404: there is no socket at that path, or an edge drops Upgrade`);
      return plain.status === status && status !== 401 && status !== 403
        ? problem('upgrade-dropped', { url, status })
        : skip(`${url} answered ${status}: ws/connects-after-auth says why`);
    }
    if (longest < idle)
      return skip('the handshake passes; what becomes of an idle socket takes 75 s to see: --max-wait 80s');
    const [quiet, busy] = await Promise.all([connect({ token: token.jwt }), connect({ token: token.jwt })]);
    let cut: { readonly busy: boolean; readonly seconds: number } | null = null;
    for (let passed = beat; passed <= idle && cut === null; passed += beat) {
      busy.ping();
      await Promise.race([quiet.end(beat), busy.end(beat)]);
      const seconds = passed / 1000;
      // who closes with a frame has a reason of its own: an expired token, say
      if (quiet.closed?.code === 1006) cut = { busy: false, seconds };
      if (busy.closed?.code === 1006) cut = { busy: true, seconds };
      if (quiet.closed !== null || busy.closed !== null) break;
    }
    const code = quiet.closed?.code ?? busy.closed?.code;
    if (cut === null)
      return code === undefined ? pass() : skip(`${url} closed a socket by itself (${code}): that is not the edge`);
    if (cut.busy) return problem('cut-busy', { url, seconds: cut.seconds });
    return warn(undefined, { code: 'cut-idle', data: { url, seconds: cut.seconds } });
  },
});
