import { defineCheck, inconclusive, pass, problem, warn } from '../../core/check.js';
import { Unreachable } from '../../core/errors.js';
import type { Reply } from '../../core/reply.js';
import { header } from '../../core/reply.js';
import { originOf } from '../origins.js';

export default defineCheck({
  id: 'transport/redirects-keep-credentials-home',
  title: 'no route that takes credentials sends its caller elsewhere',
  severity: 'high',
  impact: 'reads',
  source: ['ASVS 4.1.2', 'ASVS 15.3.2', 'RFC 9110 15.4'],
  problems: {
    'sent-abroad': {
      level: 'fail',
      text: '{url} redirects ({status}) to {location}, another origin',
      hint: 'use the address that answers by itself: on a redirect to another origin fetch drops Authorization and cookies, and keeps all other headers',
    },
    'sent-on': {
      level: 'warn',
      text: '{url} answered {status} to {location}',
      hint: 'use the address that answers by itself: some clients turn a POST into a GET on the way',
    },
  },
  async run({ auth, api, at, target }) {
    const { me, resources, stream, socket } = target.routes;
    const list = resources.value[0]?.collection;
    // without credentials: an address that sends on does so for everybody, and nothing is risked
    const asked = [
      ...['/get-session', target.tokenRoute.value, '/jwks'].map((path) => auth.get(path)),
      ...(target.api === null
        ? []
        : [me.value.get, list, stream?.post].flatMap((path) => (path == null ? [] : [api.get(path)]))),
      ...(socket.declared ? [handshakeOf(socket.value.url)].map(({ origin, path }) => at(origin).get(path)) : []),
    ];
    const answered = await Promise.all(asked.map((each) => each.catch(nobody)));
    const replies = answered.filter((reply) => reply !== null);
    if (replies.length === 0) return inconclusive('none of its addresses answers');
    const moved = replies.flatMap((reply) => {
      const location = reply.status >= 300 && reply.status < 400 ? header(reply, 'location') : null;
      if (location === null || !URL.canParse(location, reply.url)) return [];
      const there = new URL(location, reply.url);
      const { url, status } = reply;
      return [{ abroad: there.origin !== new URL(url).origin, data: { url, status, location: there.href } }];
    });
    const abroad = moved.find((each) => each.abroad);
    if (abroad !== undefined) return problem('sent-abroad', abroad.data);
    const [first] = moved;
    return first === undefined ? pass() : warn(undefined, { code: 'sent-on', data: first.data });
  },
});

/** Where the handshake of a socket goes, as a plain request would. */
function handshakeOf(url: string): { origin: string; path: string } {
  const { pathname, search } = new URL(url);
  return { origin: originOf(url), path: `${pathname}${search}` };
}

/** Who does not answer sends nobody anywhere; the other checks say that it is silent. */
function nobody(error: unknown): Reply | null {
  if (error instanceof Unreachable) return null;
  throw error;
}
