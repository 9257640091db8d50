import check from '../../../src/checks/transport/no-cleartext-credentials.js';
import { Unreachable } from '../../../src/core/errors.js';
import type { HttpRequest, SocketRequest } from '../../../src/world.js';
import { target } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply, ScriptedSocket } from '../../support/fake-world.js';

const encrypted = {
  auth: 'https://auth.test/api/auth',
  origin: 'https://auth.test',
  api: 'https://api.test',
  routes: {
    ...target().routes,
    socket: {
      value: { url: 'wss://api.test/api/ws', auth: { mode: 'query', name: 'token' }, ack: null },
      declared: true,
    },
  },
} as const;
const honest: Record<string, ScriptedReply> = {
  'auth.test': { status: 200, json: null },
  'api.test': { status: 401, json: { error: 'no token' } },
};
const gone = Symbol('nobody listens');
/** With encryption all is well; `plain` says what comes without it. */
function served(plain: (host: string) => ScriptedReply | typeof gone, socket: (secure: boolean) => ScriptedSocket) {
  const answer = ({ url }: HttpRequest): ScriptedReply => {
    const { protocol, hostname } = new URL(url);
    if (protocol === 'https:') return honest[hostname] as ScriptedReply;
    const said = plain(hostname);
    if (said === gone) throw unreachable(url);
    return said as ScriptedReply;
  };
  const http: Script = { 'GET /api/auth/get-session': answer, 'GET /api/me': answer };
  return { target: encrypted, http, socket: ({ url }: SocketRequest) => socket(url.startsWith('wss:')) };
}

const unreachable = (url: string) => new Unreachable(url, 'connect', 'connection refused: nothing listens there');
const closed = (secure: boolean): ScriptedSocket => (secure ? { status: 401 } : { status: 400 });

describeCheck(check, {
  passes: {
    'nobody listens without encryption': served(() => gone, closed),
    'pages are sent on to https': served(
      (host) =>
        host === 'auth.test'
          ? { status: 301, headers: [['location', 'https://auth.test/']] }
          : { status: 403, text: '' },
      closed,
    ),
    'the port says that it speaks https': served(() => ({ status: 400, text: 'plain HTTP to an HTTPS port' }), closed),
  },
  reports: {
    'answers-in-clear': {
      'the API answers 401 as it does with encryption': served(
        (host) => (host === 'api.test' ? (honest[host] as ScriptedReply) : gone),
        closed,
      ),
      'the auth server does': served((host) => (host === 'auth.test' ? (honest[host] as ScriptedReply) : gone), closed),
      'the socket does': served(
        () => gone,
        () => ({ status: 401 }),
      ),
    },
    unencrypted: {
      'production is not encrypted at all': { target: { production: true }, http: { 'GET /': { status: 404 } } },
    },
    'api-redirects': {
      'the API sends on to https': served(
        (host) => (host === 'api.test' ? { status: 308, headers: [['location', 'https://api.test/api/me']] } : gone),
        closed,
      ),
    },
  },
  skips: { 'all of it is on a private network': {} },
  inconclusive: {
    'production is not encrypted, and not there': { target: { production: true }, http: { 'GET /': 'no answer' } },
  },
});
