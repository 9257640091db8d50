// What `lockstep check` asks of a deployment, by a script that somebody would write: node:http, one request after the
// other, and ws. It judges little: it is the floor of a serial client, not a rival in what it finds.
import http from 'node:http';
import WebSocket from 'ws';

const {
  AUTH = '',
  API = '',
  SOCKET = '',
  LOCKSTEP_A_EMAIL,
  LOCKSTEP_A_PASSWORD,
  LOCKSTEP_B_EMAIL,
  LOCKSTEP_B_PASSWORD,
} = process.env;
const origin = new URL(AUTH).origin;
const agent = new http.Agent({ keepAlive: true });

/** @param {string} method @param {string} url @param {Record<string, string>} [headers] @param {unknown} [body] */
function ask(method, url, headers = {}, body = undefined) {
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const request = http.request(url, { method, agent, headers: { origin, ...type, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => {
        const cookie = (response.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
        resolve({ status: response.statusCode, cookie, json: text === '' ? null : JSON.parse(text) });
      });
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** @param {string} token */
function connect(token) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${SOCKET}?token=${encodeURIComponent(token)}`, { origin });
    socket.once('message', () => socket.close());
    socket.once('close', resolve);
    socket.once('error', resolve);
  });
}

const bearer = (token) => ({ authorization: `Bearer ${token}` });
const people = [];
for (const [email, password] of [
  [LOCKSTEP_A_EMAIL, LOCKSTEP_A_PASSWORD],
  [LOCKSTEP_B_EMAIL, LOCKSTEP_B_PASSWORD],
]) {
  const { cookie } = await ask('POST', `${AUTH}/sign-in/email`, {}, { email, password });
  await ask('GET', `${AUTH}/get-session`, { cookie });
  await ask('GET', `${AUTH}/get-session`);
  const { json } = await ask('GET', `${AUTH}/token`, { cookie });
  people.push({ cookie, token: json.token });
}
const [a, b] = people;
await ask('GET', `${API}/api/me`, bearer(a.token));
await ask('GET', `${API}/api/me`);
const [head, payload] = a.token.split('.');
for (let i = 0; i < 5; i += 1) await ask('GET', `${API}/api/me`, bearer(`${head}.${payload}.${'A'.repeat(80 + i)}`));
await ask('GET', `${API}/api/me`, bearer(a.token));
await ask('GET', `${API}/api/me`, bearer(`${head}.${payload}.AAAA`));
await ask('GET', `${AUTH}/token`, { cookie: a.cookie });
await ask('GET', `${API}/api/me`, bearer(a.token));
await connect(a.token);
for (const token of [
  '',
  ' ',
  'undefined',
  'null',
  '[object Object]',
  'Bearer',
  '<token>',
  'token_placeholder',
  `${head}.${payload}.AA`,
  'x',
  'y',
  'z',
])
  await connect(token);
await connect(a.token);
const { json: task } = await ask('POST', `${API}/api/tasks`, bearer(a.token), { title: 'canary' });
await ask('GET', `${API}/api/tasks/${task.id}`, bearer(a.token));
await ask('GET', `${API}/api/tasks`, bearer(b.token));
for (const query of ['', '?include=owner', '?expand=all'])
  await ask('GET', `${API}/api/tasks/${task.id}${query}`, bearer(b.token));
await ask('GET', `${API}/api/tasks/${task.id}`, bearer(a.token));
await ask('GET', `${API}/api/tasks`, bearer(a.token));
for (const query of ['', '?q=canary', '?search=canary', '?userId=a', '?user_id=a', '?limit=100'])
  await ask('GET', `${API}/api/tasks${query}`, bearer(b.token));
await ask('DELETE', `${API}/api/tasks/${task.id}`, bearer(a.token));
agent.destroy();
