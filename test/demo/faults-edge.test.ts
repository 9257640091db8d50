import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { fetch } from 'undici';
import { WebSocket } from 'ws';
import type { Demo } from '../../src/demo/contract.js';
import { awake } from '../support/awake.js';
import { ask, hear, introduce, originOf, type SignedIn } from '../support/raw-demo.js';
import { describeSymptoms } from '../support/symptoms.js';

const sessionOf = async (demo: Demo, { cookie }: SignedIn) =>
  (await ask('GET', `${demo.auth}/get-session`, { headers: { cookie } })).json;
const isOf = async (demo: Demo, who: SignedIn) => (await sessionOf(demo, who))?.user.id === who.userId;
/** of four requests in turn, those that find the session */
const found = async (demo: Demo, a: SignedIn) => {
  const answers = [];
  for (let n = 0; n < 4; n++) answers.push(await isOf(demo, a));
  return answers.filter((known) => known).length;
};
/** whether the limit holds for a stranger who has used it up, and for the same one who says to be another */
const limited = (path: string) => async (demo: Demo) => {
  const call = async (headers: Record<string, string>) =>
    (await ask('POST', `${demo.auth}${path}`, { body: {}, headers: { origin: originOf(demo), ...headers } })).status ===
    429;
  for (let n = 0; n < 5; n++) await call({});
  return [await call({}), await call({ 'x-forwarded-for': '203.0.113.7' })];
};
/** whether the secret in the file of the frontend has signed the session cookie */
const signedByFile = async (demo: Demo, { cookie }: SignedIn) => {
  const file = readFileSync(join(demo.folder, 'frontend', '.env.local'), 'utf8');
  const secret = /^BETTER_AUTH_SECRET=(.*)$/m.exec(file)?.[1] ?? '';
  const value = decodeURIComponent(/session_token=([^;]*)/.exec(cookie)?.[1] ?? '');
  const [token = '', mac] = value.split(/\.(.*)/s);
  return createHmac('sha256', secret).update(token).digest('base64') === mac;
};
const fresh = async (_demo: Demo, a: SignedIn) => (await a.api('GET', '/api/me')).status;
/** how the handshake with the certificate of a host ends */
const certificate = (demo: Demo, host: string) =>
  new Promise((resolve) => {
    const { port } = new URL(demo.page);
    const name = /\d$/.test(host) ? {} : { servername: host };
    const socket = connectTls({ host, port: Number(port), ca: readFileSync(demo.caFile ?? ''), ...name });
    socket.on('secureConnect', () => resolve('trusted'));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    socket.on('secureConnect', () => socket.destroy());
  });
const cleartext = (demo: Demo, head: string) =>
  new Promise((resolve) => {
    const socket = connectTcp(Number(new URL(demo.page).port), 'localhost', () => socket.write(`${head}\r\n\r\n`));
    socket.once('data', (data) => {
      resolve(String(data).split(' ')[1]);
      socket.destroy();
    });
  });
/** whether events of a stream come before its end; in one of several tries, since a busy machine may join them */
const flows = (encoding: string) => async (demo: Demo, a: SignedIn) => {
  for (let tries = 0; tries < 3; tries++) {
    const answer = await fetch(`${demo.api}/api/chat`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await a.token()}`,
        'content-type': 'application/json',
        'accept-encoding': encoding,
      },
      body: JSON.stringify({ message: 'hello' }),
    });
    let [first, text] = ['', ''];
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      first ||= text;
    }
    if (!text.includes('[DONE]')) return 'cut';
    if (!first.includes('[DONE]')) return true;
  }
  return false;
};

describeSymptoms({
  F008: {
    look: async (demo, a) => {
      const headers = { cookie: a.cookie, origin: 'https://elsewhere.invalid' };
      return (await ask('POST', `${demo.auth}/sign-out`, { body: {}, headers })).status;
    },
    healthy: 403,
    planted: 200,
  },
  F026: {
    look: async (demo, a, b) => [await isOf(demo, a), await isOf(demo, b)],
    healthy: [true, true],
    planted: [true, false],
  },
  F029: { look: limited('/change-password'), healthy: [true, true], planted: [true, false] },
  F096: {
    look: async (_demo, a) => {
      const first = await a.token();
      await sleep(1_100);
      return (await a.token()) === first;
    },
    healthy: false,
    planted: true,
  },
  F132: {
    look: async (demo, a) => {
      await hear({ ...introduce(demo, 'query', await a.token()), until: 'ready' });
      const log = () => readFileSync(join(demo.folder, 'edge', 'access.log'), 'utf8');
      while (!log().includes('/api/ws')) await sleep(20);
      return /token=ey/.test(log());
    },
    healthy: false,
    planted: true,
  },
  F174: {
    look: async (_demo, a, b) => {
      const [first, second] = [await a.api('GET', '/api/me'), await b.api('GET', '/api/me')];
      return first.json.id === second.json.id;
    },
    healthy: false,
    planted: true,
  },
  F189: { look: limited('/change-email'), healthy: [true, true], planted: [true, false] },
  F198: {
    // half of them, or none: the key row was sealed by whichever came first, and the other one cannot open it
    look: async (demo, a) => {
      const known = await found(demo, a);
      return known === 0 || known === 2 ? 'half or none' : known;
    },
    healthy: 4,
    planted: 'half or none',
  },
  F200: { look: found, healthy: 4, planted: 2 },
  F201: { look: fresh, healthy: 200, planted: 401 },
  F206: { look: signedByFile, healthy: true, planted: false },
  F210: {
    look: async (demo, { cookie }) => (await ask('GET', `${demo.auth}/token`, { headers: { cookie } })).status,
    healthy: 200,
    planted: 500,
  },
  F213: { look: signedByFile, healthy: true, planted: false },
  F218: {
    look: async (demo) => [await certificate(demo, 'localhost'), await certificate(demo, '127.0.0.1')],
    healthy: ['trusted', 'trusted'],
    planted: ['trusted', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  },
  F219: {
    look: (demo) => cleartext(demo, 'GET /health HTTP/1.1\r\nhost: localhost'),
    healthy: '400',
    planted: '200',
  },
  F221: {
    look: async (demo, a) => (await hear({ ...introduce(demo, 'query', await a.token()), until: 'ready' })).status,
    healthy: 101,
    planted: 426,
  },
  F222: {
    // two minutes that become two seconds
    edge: { idle: 120 },
    look: (demo, a) => openFor(demo, a, 3_000),
    healthy: 'open',
    planted: 1006,
  },
  F224: { look: flows('identity'), healthy: true, planted: false },
  F225: { look: flows('gzip'), healthy: true, planted: false },
  F227: { look: fresh, healthy: 200, planted: 308 },
});

/** The code with which an idle socket closes, or that it is open still. */
async function openFor(demo: Demo, a: SignedIn, ms: number): Promise<unknown> {
  const { url } = introduce(demo, 'query', await a.token());
  const socket = new WebSocket(url);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.on('error', () => {});
  const state = await Promise.race([closed, awake(ms).then(() => 'open')]);
  socket.terminate();
  return state;
}
